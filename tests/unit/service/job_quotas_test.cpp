// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_quotas.hpp"

#include "tests/unit/batch/memory_store.hpp"

#include <gmock/gmock.h>

namespace recorte::service {
namespace {

using namespace testing;
using job::Hold;
using job::Phase;

constexpr Micros kHour = 3'600'000'000;
constexpr Micros kNoon = 20'785 * 24 * kHour + 12 * kHour;  // 2026-11-28
constexpr Micros kMidnight = kNoon + 12 * kHour;

class JobQuotasTest : public Test {
 protected:
  JobQuotasTest() { store_.now = kNoon; }
  JobQuotas quotas(JobQuotas::Bounds bounds = {}) { return {quotas_, bounds, store_}; }
  /// Of a user who has asked for so many, that is to run.
  Result<job::Job> submit(const std::string& id, std::int64_t products, bool run = true,
                          const std::string& owner = "ann") {
    job::Job job;
    job.id = id;
    job.owner = owner;
    job.positions = job.products = products;
    job.created = ++created_;
    return store_.add(job, quotas().admit_new(run));
  }
  Result<job::Job> start(const std::string& id, job::Move move = job::Move::kRun) {
    return store_.admit(id, quotas().admit_start(move));
  }
  void end(const std::string& id, Phase phase, job::Tally tally) {
    ASSERT_TRUE(store_.change(id, [&](job::Job& job) -> Status {
      job.phase = phase;
      job.tally = tally;
      return {};
    }));
  }
  std::int64_t used(const std::string& owner = "ann") { return store_.usage(owner)->cutouts_today; }
  quota::Quotas quotas_;
  batch::test::MemoryStore store_;
  Micros created_ = 0;
};

TEST_F(JobQuotasTest, AJobIsChargedWhenItIsToRun) {
  quotas_.everyone.cutouts_per_day = 100;
  const auto pending = submit("a", 60, false);
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->phase, Phase::kPending);
  EXPECT_EQ(used(), 0);
  const auto queued = start("a");
  ASSERT_TRUE(queued) << queued.error().message;
  EXPECT_EQ(queued->phase, Phase::kQueued);
  EXPECT_EQ(queued->charged, 60);
  EXPECT_EQ(used(), 60);
  EXPECT_EQ(submit("b", 40)->phase, Phase::kQueued);
  EXPECT_EQ(used(), 100);
}

TEST_F(JobQuotasTest, OneThatHasToWaitIsHeldUntilTheQuotaRenews) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 60));
  const auto held = submit("b", 41);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->phase, Phase::kHeld);
  EXPECT_EQ(held->hold, Hold::kQuota);
  EXPECT_EQ(held->hold_until, kMidnight);
  EXPECT_EQ(held->charged, 0);
  EXPECT_EQ(start("b")->phase, Phase::kHeld) << "its owner cannot hurry it";
  EXPECT_EQ(submit("c", 40)->phase, Phase::kQueued) << "there is room for this one";
}

TEST_F(JobQuotasTest, WhereWaitingIsNoHelpItIsRefused) {
  quotas_.everyone = {.cutouts_per_day = 100, .positions_per_job = 50};
  quotas_.users["bob"] = {.positions_per_job = 1000};
  const auto many = submit("a", 51);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(many.error().message, HasSubstr("51 positions and may have 50"));
  const auto never = submit("b", 101, true, "bob");
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(never.error().message, HasSubstr("101 cutouts a day are more than the 100"));
  EXPECT_TRUE(store_.jobs.empty());
}

TEST_F(JobQuotasTest, WhatWasNotMadeIsGivenBack) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 60));
  end("a", Phase::kAborted, {.ok = 10, .partial = 1, .no_coverage = 2, .failed = 5});
  EXPECT_EQ(used(), 13);
  ASSERT_TRUE(submit("b", 87));
  EXPECT_EQ(start("a")->phase, Phase::kHeld) << "what is missing is charged anew";
  end("b", Phase::kError, {});
  EXPECT_EQ(used(), 13);
  EXPECT_EQ(start("a")->phase, Phase::kQueued);
  EXPECT_EQ(used(), 60);
}

TEST_F(JobQuotasTest, ARetryIsChargedWhatItMakesAnew) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 60));
  end("a", Phase::kCompleted, {.ok = 58, .failed = 2});
  EXPECT_EQ(used(), 58);
  const auto again = start("a", job::Move::kRetry);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->charged, 60);
  end("a", Phase::kCompleted, {.ok = 59, .failed = 1});
  EXPECT_EQ(used(), 59);
}

TEST_F(JobQuotasTest, JobsThatHaveNotEndedAreRefusedPastTheirNumber) {
  quotas_.everyone.jobs = 2;
  ASSERT_TRUE(submit("a", 1));
  ASSERT_TRUE(submit("b", 1, false));
  EXPECT_TRUE(start("b")) << "it is counted already";
  const auto third = submit("c", 1);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(quotas().expect_room("ann", {}).error().code, ErrorCode::kForbidden);
  EXPECT_TRUE(quotas().expect_room("bob", {}));
  end("a", Phase::kAborted, {});
  ASSERT_TRUE(submit("c", 1));
  EXPECT_EQ(start("a").error().code, ErrorCode::kForbidden) << "one that goes on counts again";
}

TEST_F(JobQuotasTest, BytesThatAreKeptLeaveNoRoomForFurtherJobs) {
  quotas_.everyone.bytes = 1000;
  ASSERT_TRUE(submit("a", 1));
  end("a", Phase::kCompleted, {.ok = 1, .bytes = 1000});
  EXPECT_EQ(submit("b", 1).error().code, ErrorCode::kForbidden);
  end("a", Phase::kArchived, {.ok = 1, .bytes = 1000});
  EXPECT_TRUE(submit("b", 1));
}

TEST_F(JobQuotasTest, TheBoundsOfTheServiceHoldBesides) {
  ASSERT_TRUE(submit("a", 1));
  ASSERT_TRUE(submit("b", 1, true, "anonymous"));
  const auto tight = quotas({.active = 1, .anonymous_active = 1});
  EXPECT_THAT(tight.expect_room("ann", {}).error().message, HasSubstr("jobs.active"));
  EXPECT_THAT(tight.expect_room("anonymous", {}).error().message, HasSubstr("anonymous.active"));
  job::Job job;
  job.id = "c";
  job.owner = "ann";
  EXPECT_EQ(store_.add(job, tight.admit_new(true)).error().code, ErrorCode::kUnavailable);
}

TEST_F(JobQuotasTest, WhatIsHeldGoesOldestFirstOnceThereIsRoom) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 90));
  for (const auto* id : {"b", "c", "d"}) EXPECT_EQ(submit(id, 60)->phase, Phase::kHeld);
  ASSERT_TRUE(submit("e", 100, true, "bob"));
  EXPECT_EQ(submit("f", 5, true, "bob")->phase, Phase::kHeld);
  EXPECT_EQ(*quotas().let_go(), 0);
  end("e", Phase::kAborted, {.ok = 1});
  EXPECT_EQ(*quotas().let_go(), 1) << "bob has room again";
  EXPECT_EQ(store_.jobs.at("f").phase, Phase::kQueued);
  store_.now = kMidnight;
  EXPECT_EQ(*quotas().let_go(), 1);
  EXPECT_EQ(store_.jobs.at("b").phase, Phase::kQueued);
  EXPECT_EQ(store_.jobs.at("b").hold, Hold::kNone);
  EXPECT_EQ(store_.jobs.at("b").hold_until, 0);
  EXPECT_EQ(store_.jobs.at("c").phase, Phase::kHeld);
  EXPECT_EQ(used(), 60);
  EXPECT_EQ(*quotas().let_go(), 0);
  store_.now += 24 * kHour;
  EXPECT_EQ(*quotas().let_go(), 1);
  EXPECT_EQ(store_.jobs.at("c").phase, Phase::kQueued);
}

TEST_F(JobQuotasTest, OneThatCanNeverPassEndsAndKeepsNobodyWaiting) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 100));
  EXPECT_EQ(submit("b", 90)->phase, Phase::kHeld);
  EXPECT_EQ(submit("c", 50)->phase, Phase::kHeld);
  quotas_.everyone.cutouts_per_day = 80;
  store_.now = kMidnight;
  EXPECT_EQ(*quotas().let_go(), 1);
  const auto& ended = store_.jobs.at("b");
  EXPECT_EQ(ended.phase, Phase::kError);
  EXPECT_EQ(ended.hold, Hold::kNone);
  EXPECT_EQ(ended.ended, kMidnight);
  ASSERT_TRUE(ended.error);
  EXPECT_THAT(ended.error->message, HasSubstr("90 cutouts a day are more than the 80"));
  EXPECT_EQ(store_.jobs.at("c").phase, Phase::kQueued);
}

TEST_F(JobQuotasTest, OneThatWaitsForRoomForItsBytesStaysHeld) {
  quotas_.everyone = {.cutouts_per_day = 100, .bytes = 1000};
  ASSERT_TRUE(submit("a", 100));
  EXPECT_EQ(submit("b", 90)->phase, Phase::kHeld);
  end("a", Phase::kCompleted, {.ok = 100, .bytes = 1000});
  store_.now = kMidnight;
  EXPECT_EQ(*quotas().let_go(), 0);
  EXPECT_EQ(store_.jobs.at("b").phase, Phase::kHeld);
  end("a", Phase::kArchived, {.ok = 100, .bytes = 1000});
  EXPECT_EQ(*quotas().let_go(), 1);
}

TEST_F(JobQuotasTest, BeforeTheQuotaRenewsItsOwnerIsLookedAtOnlyWhenAsked) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 100));
  EXPECT_EQ(submit("b", 50)->phase, Phase::kHeld);
  end("a", Phase::kAborted, {.ok = 1});
  EXPECT_EQ(*quotas().let_go(false), 0);
  EXPECT_EQ(*quotas().let_go(true), 1);
  ASSERT_TRUE(submit("c", 49));
  EXPECT_EQ(submit("d", 50)->phase, Phase::kHeld);
  store_.now = kMidnight;
  EXPECT_EQ(*quotas().let_go(false), 1);
}

TEST_F(JobQuotasTest, OnlyWhatAQuotaHoldsIsLetGo) {
  ASSERT_TRUE(submit("a", 1));
  ASSERT_TRUE(store_.change("a", [](job::Job& job) -> Status {
    job.phase = Phase::kHeld;
    job.hold = Hold::kUser;
    return {};
  }));
  EXPECT_EQ(*quotas().let_go(), 0);
  EXPECT_EQ(store_.jobs.at("a").phase, Phase::kHeld);
}

TEST_F(JobQuotasTest, AnotherServerMayHaveBeenFaster) {
  quotas_.everyone.cutouts_per_day = 100;
  ASSERT_TRUE(submit("a", 100));
  ASSERT_TRUE(submit("b", 50));
  store_.now = kMidnight;
  store_.meanwhile = [](job::Job& job) { job.phase = Phase::kExecuting; };
  EXPECT_EQ(*quotas().let_go(), 0);
  EXPECT_EQ(store_.jobs.at("b").phase, Phase::kExecuting);
}

TEST_F(JobQuotasTest, SoManyRunAtOnceAsTheOwnerMayHave) {
  quotas_.everyone.running_jobs = 2;
  quotas_.groups["des"].running_jobs = 5;
  quotas_.groups["staff"].running_jobs = quota::kUnlimited;
  job::Queued job;
  job.owner = "ann";
  EXPECT_EQ(quotas().may_run(job), 2);
  job.groups = {"des"};
  EXPECT_EQ(quotas().may_run(job), 5);
  job.groups = {"staff"};
  EXPECT_EQ(quotas().may_run(job), quota::kUnlimited);
}

TEST_F(JobQuotasTest, StandingsAreTheUsersOwn) {
  quotas_.everyone.cutouts_per_day = 100;
  quotas_.groups["des"].cutouts_per_day = 500;
  ASSERT_TRUE(submit("a", 30));
  const std::vector<std::string> groups{"des"};
  const auto all = quotas().standings("ann", groups);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().used, 30);
  EXPECT_EQ(all->front().limit, 500);
  EXPECT_EQ(all->front().renews, kMidnight);
  EXPECT_EQ(quotas().standings("bob", {})->front().used, 0);
}

}  // namespace
}  // namespace recorte::service
