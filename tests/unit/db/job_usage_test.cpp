// SPDX-License-Identifier: BSD-3-Clause
//
// What owners use, and who is accepted by it.
#include "core/base/calendar.hpp"
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <thread>

namespace recorte::db {
namespace {

using job::Phase;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr Micros kHour = 3'600'000'000;
/// 2026-11-28, 12:00.
constexpr Micros kNoon = 20'785 * 24 * kHour + 12 * kHour;

class JobUsageOnBoth : public JobsOnBoth {
 protected:
  void SetUp() override {
    JobsOnBoth::SetUp();
    if (!IsSkipped()) store_ = open(database(), [this] { return now_; });
  }
  Status charge(const std::string& id, std::int64_t cutouts) {
    const auto done = store_->change(id, [&](job::Job& job) -> Status {
      job.charged = cutouts;
      return {};
    });
    return done ? Status() : fail(done.error());
  }
  job::Usage used(const std::optional<std::string>& owner = "ann") {
    const auto out = store_->usage(owner);
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(job::Usage());
  }
  Micros now_ = kNoon;
};
INSTANTIATE_ON_BOTH(JobUsageOnBoth);

/// Accepts a job of so many cutouts where a user may have `most` a day.
job::Admit within(std::int64_t most, std::int64_t cutouts) {
  return [=](job::Job& job, const job::Usage& usage) -> Status {
    if (usage.cutouts_today + cutouts > most) return fail(ErrorCode::kForbidden, "too many");
    job.charged = cutouts;
    job.phase = Phase::kQueued;
    return {};
  };
}

TEST_P(JobUsageOnBoth, WhoAdmitsHasTheLastWord) {
  job::Job job;
  job.id = "a";
  job.owner = "ann";
  ASSERT_TRUE(store_->add(job, within(10, 6)));
  EXPECT_EQ(store_->find("a")->phase, Phase::kQueued);
  EXPECT_EQ(store_->find("a")->charged, 6);
  job.id = "b";
  const auto refused = store_->add(job, within(10, 6));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "too many");
  EXPECT_FALSE(store_->find("b"));
  EXPECT_EQ(used().cutouts_today, 6);
  job.owner = "bob";
  EXPECT_TRUE(store_->add(job, within(10, 6)));
  EXPECT_EQ(used({}).cutouts_today, 12);
  EXPECT_EQ(used({}).time, now_);
}

TEST_P(JobUsageOnBoth, OneThatIsThereIsAdmittedByItsOwnersUsage) {
  add("a", Phase::kPending);
  add("running", Phase::kExecuting);
  ASSERT_TRUE(store_->admit("a", [&](job::Job& job, const job::Usage& usage) -> Status {
    EXPECT_EQ(usage.jobs, 2);
    EXPECT_EQ(usage.active, 2);
    EXPECT_EQ(usage.running, 1);
    EXPECT_EQ(usage.time, now_);
    return within(10, 9)(job, usage);
  }));
  EXPECT_EQ(used().cutouts_today, 9);
  EXPECT_EQ(store_->admit("a", within(10, 9)).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(used().cutouts_today, 9);
  EXPECT_EQ(store_->admit("none", within(10, 9)).error().code, ErrorCode::kNotFound);
}

TEST_P(JobUsageOnBoth, ADayAndAMonthEndInUtc) {
  add("a");
  ASSERT_TRUE(charge("a", 5));
  now_ = kNoon + 12 * kHour - 1;
  EXPECT_EQ(used().cutouts_today, 5);
  now_ += 1;  // the 29th
  EXPECT_EQ(used().cutouts_today, 0);
  EXPECT_EQ(used().cutouts_this_month, 5);
  ASSERT_TRUE(charge("a", 7));
  EXPECT_EQ(used().cutouts_today, 2);
  EXPECT_EQ(used().cutouts_this_month, 7);
  now_ += 2 * 24 * kHour;  // the first of December
  EXPECT_EQ(used().cutouts_this_month, 0);
}

TEST_P(JobUsageOnBoth, WhatIsGivenBackGoesToTheDayThatWasCharged) {
  add("a");
  add("b");
  ASSERT_TRUE(charge("a", 5));
  const auto first = now_;
  now_ += 24 * kHour;
  ASSERT_TRUE(charge("b", 3));
  ASSERT_TRUE(charge("a", 1));
  EXPECT_EQ(used().cutouts_today, 3);
  EXPECT_EQ(used().cutouts_this_month, 4);
  now_ = first;
  EXPECT_EQ(used().cutouts_today, 1);
  ASSERT_TRUE(charge("a", 0));
  EXPECT_EQ(used().cutouts_today, 0);
}

TEST_P(JobUsageOnBoth, ArchivedJobsCountForWhatTheyUsed) {
  add("a");
  ASSERT_TRUE(store_->change("a", [](job::Job& job) -> Status {
    job.products = job.tally.ok = job.charged = 5;
    return {};
  }));
  move("a", Phase::kArchived);
  EXPECT_EQ(used().jobs, 0);
  EXPECT_EQ(used().cutouts_today, 5);
  ASSERT_TRUE(store_->remove("a"));
  EXPECT_EQ(used().cutouts_today, 5);
}

TEST_P(JobUsageOnBoth, OfAJobThatEndedWhatWasNotMadeIsGivenBack) {
  add("a", Phase::kExecuting);
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(2)));
  ASSERT_TRUE(store_->change("a", [](job::Job& job) -> Status {
    job.products = 512;
    job.charged = 512;
    return {};
  }));
  ASSERT_TRUE(store_->finish_task("a", 0, {.ok = 250, .failed = 6}, kServer, nullptr));
  EXPECT_EQ(used().cutouts_today, 512);
  move("a", Phase::kAborted);
  EXPECT_EQ(used().cutouts_today, 250);
  EXPECT_EQ(store_->find("a")->charged, 250);
  ASSERT_TRUE(store_->finish_task("a", 1, {.ok = 12, .failed = 3}, kServer, nullptr));
  EXPECT_EQ(used().cutouts_today, 262) << "it was under way";
  EXPECT_EQ(store_->find("a")->charged, 262);
}

TEST_P(JobUsageOnBoth, TheWorkOfTasksIsCountedOnce) {
  add("a");
  add("b", Phase::kQueued, "bob");
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(2)));
  ASSERT_TRUE(store_->add_tasks("b", tasks_of(1)));
  EXPECT_THAT(*store_->shares(), IsEmpty());
  for (int twice = 0; twice < 2; ++twice)
    ASSERT_TRUE(store_->finish_task("a", 0, {.work_us = 5'000'000'000}, kServer, nullptr));
  ASSERT_TRUE(store_->finish_task("b", 0, {.work_us = 8}, kServer, nullptr));
  EXPECT_EQ(used().work_us_today, 5'000'000'000);
  EXPECT_THAT(*store_->shares(), UnorderedElementsAre(Pair("ann", 5e9), Pair("bob", 8)));
  now_ += kHour;  // the half-life
  EXPECT_THAT(*store_->shares(), UnorderedElementsAre(Pair("ann", 2.5e9), Pair("bob", 4)));
  ASSERT_TRUE(store_->finish_task("a", 1, {.work_us = 1'500'000'000}, kServer, nullptr));
  EXPECT_EQ(used().work_us_today, 6'500'000'000);
  EXPECT_EQ(store_->shares()->at("ann"), 4e9);
  now_ += 2 * kHour;
  EXPECT_EQ(store_->shares()->at("ann"), 1e9);
  now_ = kNoon + 12 * kHour;
  EXPECT_EQ(used().work_us_today, 0);
}

/// Through two stores, as of two servers.
TEST_P(JobUsageOnBoth, AHundredAtOnceDoNotOvershoot) {
  constexpr int kClients = 20, kEach = 5, kCutouts = 25, kMost = 1000;
  const auto other = open(database(), [this] { return now_; });
  std::latch start(kClients);
  std::vector<std::thread> threads;
  for (int t = 0; t < kClients; ++t)
    threads.emplace_back([&, t] {
      auto& store = t % 2 == 0 ? *store_ : *other;
      start.arrive_and_wait();
      for (int i = 0; i < kEach; ++i) {
        job::Job job;
        job.id = std::to_string(t) + "-" + std::to_string(i);
        job.owner = "ann";
        auto added = store.add(job, within(kMost, kCutouts));
        // On a machine that has little time for them, each connection may be busy for long.
        while (!added && added.error().code == ErrorCode::kUnavailable)
          added = store.add(job, within(kMost, kCutouts));
        EXPECT_TRUE(added || added.error().code == ErrorCode::kForbidden) << added.error().message;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(used().cutouts_today, kMost);
  EXPECT_EQ(used().jobs, kMost / kCutouts);
}

}  // namespace
}  // namespace recorte::db
