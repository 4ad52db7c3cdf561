// SPDX-License-Identifier: BSD-3-Clause
//
// What those see who choose the next job.
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <thread>

namespace recorte::db {
namespace {

using job::Phase;
using testing::ElementsAre;
using testing::IsEmpty;

class JobQueueOnBoth : public JobsOnBoth {
 protected:
  void SetUp() override {
    JobsOnBoth::SetUp();
    if (!IsSkipped()) store_ = open(database(), [this] { return now_; });
  }
  void edit(const std::string& id, const std::function<void(job::Job&)>& with) {
    ASSERT_TRUE(store_->change(id, [&](job::Job& job) -> Status {
      with(job);
      return {};
    }));
  }
  std::vector<job::Queued> queue(std::int64_t per_owner = 100) {
    auto out = store_->queue("one", per_owner);
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(std::vector<job::Queued>());
  }
  std::vector<std::string> waiting(std::int64_t per_owner = 100) {
    std::vector<std::string> out;
    for (const auto& each : queue(per_owner)) out.push_back(each.id);
    return out;
  }
  Micros now_ = 1000;
};
INSTANTIATE_ON_BOTH(JobQueueOnBoth);

TEST_P(JobQueueOnBoth, HasWhatWaitsAndRunsInTheOrderOfEachOwner) {
  EXPECT_THAT(queue(), IsEmpty());
  for (const auto phase : {Phase::kPending, Phase::kHeld, Phase::kCompleted, Phase::kArchived})
    add("not " + std::string(name_of(phase)), phase);
  add("a1", Phase::kQueued, "ann");
  add("b1", Phase::kQueued, "bob");
  add("a2", Phase::kQueued, "ann");
  add("a3", Phase::kQueued, "ann");
  add("a4", Phase::kExecuting, "ann");
  EXPECT_THAT(waiting(), ElementsAre("a4", "a1", "a2", "a3", "b1"));
  edit("a3", [](job::Job& job) { job.place = 1; });
  edit("a1", [](job::Job& job) { job.place = -1; });
  EXPECT_THAT(waiting(), ElementsAre("a4", "a3", "a2", "a1", "b1"));
  EXPECT_THAT(waiting(2), ElementsAre("a4", "a3", "b1"));
}

TEST_P(JobQueueOnBoth, ManyOfAnOwnerHideNoneOfAnotherPriorityOrService) {
  for (const auto* id : {"a1", "a2", "a3", "urgent", "portal's"}) add(id, Phase::kQueued);
  edit("urgent", [](job::Job& job) { job.priority = "system"; });
  edit("portal's", [](job::Job& job) { job.service = "portal"; });
  EXPECT_THAT(waiting(1), ElementsAre("a1", "urgent", "portal's"));
}

TEST_P(JobQueueOnBoth, NoMoreOfAnOwnerBeginThanMayRun) {
  for (const auto* id : {"a1", "a2", "a3"}) add(id, Phase::kQueued);
  add("b1", Phase::kQueued, "bob");
  ASSERT_TRUE(*store_->claim("a1", "one", 10, 2));
  ASSERT_TRUE(*store_->claim("a2", "two", 10, 2));
  EXPECT_FALSE(*store_->claim("a3", "one", 10, 2)) << "two are about to begin";
  EXPECT_TRUE(*store_->claim("b1", "one", 10, 1)) << "another's";
  EXPECT_TRUE(*store_->claim("a1", "one", 10, 1)) << "it is counted already";
  move("a1", Phase::kExecuting);
  now_ += 10;
  EXPECT_TRUE(*store_->claim("a1", "two", 10, 0)) << "what has begun goes on";
  EXPECT_FALSE(*store_->claim("a3", "one", 10, 1));
  EXPECT_TRUE(*store_->claim("a3", "one", 10, 2)) << "the lease of a2 is over";
}

TEST_P(JobQueueOnBoth, ServersThatClaimAtOnceBeginNoMoreThanMayRun) {
  for (int round = 0; round < 10; ++round) {
    const auto owner = "owner" + std::to_string(round);
    constexpr int kServers = 4;
    for (int i = 0; i < kServers; ++i) add(owner + "-" + std::to_string(i), Phase::kQueued, owner);
    std::atomic<int> begun = 0;
    std::latch start(kServers);
    std::vector<std::thread> servers;
    for (int i = 0; i < kServers; ++i)
      servers.emplace_back([&, i] {
        const auto name = std::to_string(i);
        start.arrive_and_wait();
        const auto job = store_->claim(owner + "-" + name, name, 10, 2);
        ASSERT_TRUE(job) << job.error().message;
        begun += *job ? 1 : 0;
      });
    for (auto& server : servers) server.join();
    EXPECT_EQ(begun, 2);
  }
}

TEST_P(JobQueueOnBoth, SaysWhatAQuotaHolds) {
  for (const auto* id : {"user", "early", "late", "aborted"}) add(id, Phase::kHeld);
  add("queued", Phase::kQueued);
  edit("user", [](job::Job& job) { job.hold = job::Hold::kUser; });
  for (const auto* id : {"early", "late", "aborted"})
    edit(id, [](job::Job& job) { job.hold = job::Hold::kQuota; });
  edit("early", [this](job::Job& job) { job.hold_until = now_ + 1; });
  edit("late", [this](job::Job& job) { job.hold_until = now_; });
  move("aborted", Phase::kAborted);
  const auto held = store_->held_by_quota();
  ASSERT_TRUE(held) << held.error().message;
  ASSERT_EQ(held->size(), 2U);
  EXPECT_EQ(held->front().id, "early");
  EXPECT_EQ(held->front().owner, "ann");
  EXPECT_FALSE(held->front().renewed);
  EXPECT_EQ(held->back().id, "late");
  EXPECT_TRUE(held->back().renewed);
}

TEST_P(JobQueueOnBoth, SaysAllThatTheChoiceNeeds) {
  const auto plain = add("a", Phase::kQueued);
  auto row = queue().front();
  EXPECT_EQ(row.owner, "ann");
  EXPECT_EQ(row.created, plain.created);
  EXPECT_EQ(row.queued, plain.created) << "of an older program, that did not say it";
  EXPECT_EQ(row.prediction, job::Prediction());
  const job::Prediction predicted{"demo cut fits", 1.5e12, 1, 2, 3, 4};
  edit("a", [&](job::Job& job) {
    job.service = "portal";
    job.priority = "internal";
    job.groups = {"des", "lsst"};
    job.place = 7;
    job.queued = 500;
    job.products = 90;
    job.tally = {.ok = 1, .partial = 2, .no_coverage = 3, .failed = 4};
    job.prediction = predicted;
  });
  row = queue().front();
  EXPECT_EQ(row.service, "portal");
  EXPECT_EQ(row.priority, "internal");
  EXPECT_THAT(row.groups, ElementsAre("des", "lsst"));
  EXPECT_EQ(row.phase, Phase::kQueued);
  EXPECT_EQ(row.place, 7);
  EXPECT_EQ(row.queued, 500);
  EXPECT_EQ(row.products, 90);
  EXPECT_EQ(row.done, 10);
  EXPECT_EQ(row.prediction, predicted);
}

TEST_P(JobQueueOnBoth, IsFreeForWhomItMayBe) {
  add("a", Phase::kQueued);
  EXPECT_TRUE(queue().front().free);
  ASSERT_TRUE(*store_->claim("a", "two", 10));
  EXPECT_FALSE(queue().front().free);
  EXPECT_EQ(queue().front().server, "two");
  EXPECT_EQ(queue().front().lease, 1010);
  EXPECT_TRUE(store_->queue("two", 1)->front().free);
  now_ = 1010;
  EXPECT_TRUE(queue().front().free) << "its lease is over";
}

}  // namespace
}  // namespace recorte::db
