// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace recorte::db {
namespace {

using job::Phase;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JobTasksOnBoth : public JobsOnBoth {
 protected:
  void SetUp() override {
    JobsOnBoth::SetUp();
    if (!IsSkipped()) store_ = open(database(), [this] { return now_; });
  }
  /// The first job that `server` may take at `now` and has not, taken for ten.
  std::string taken(const std::string& server, Micros now,
                    const std::vector<std::string>& held = {}) {
    now_ = now;
    const auto queue = store_->queue(server, 100);
    EXPECT_TRUE(queue) << queue.error().message;
    for (const auto& waits : *queue) {
      if (std::ranges::find(held, waits.id) != held.end()) continue;
      const auto job = store_->claim(waits.id, server, 10);
      EXPECT_TRUE(job) << job.error().message;
      EXPECT_EQ(waits.free, job->has_value()) << waits.id;
      if (!job->has_value()) continue;
      EXPECT_EQ((*job)->server, server);
      EXPECT_EQ((*job)->lease, now + 10);
      return (*job)->id;
    }
    return "";
  }
  Micros now_ = 0;
};
INSTANTIATE_ON_BOTH(JobTasksOnBoth);

TEST_P(JobTasksOnBoth, AreKeptByNumber) {
  add("a");
  add("b");
  EXPECT_THAT(*store_->tasks("a"), IsEmpty());
  auto tasks = tasks_of(400);  // of a hundred thousand positions
  std::swap(tasks[0], tasks[399]);
  const auto added = store_->add_tasks("a", tasks);
  ASSERT_TRUE(added) << added.error().message;
  const auto read = store_->tasks("a");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 400U);
  for (int i = 0; i < 400; ++i) {
    const auto& task = (*read)[static_cast<std::size_t>(i)];
    EXPECT_EQ(task.number, i);
    EXPECT_EQ(task.first, i * 256);
    EXPECT_EQ(task.count, 256);
    EXPECT_FALSE(task.done);
  }
  EXPECT_THAT(*store_->tasks("b"), IsEmpty());
}

TEST_P(JobTasksOnBoth, ThatAreThereStayAsTheyAre) {
  add("a");
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(2)));
  ASSERT_TRUE(store_->finish_task("a", 1, {.ok = 3}, kServer, nullptr));
  const job::Task more[]{
      {0, 7, 7, false, {}}, {1, 7, 7, false, {}}, {2, 512, 100, true, {.ok = 1}}};
  ASSERT_TRUE(store_->add_tasks("a", more));
  const auto tasks = store_->tasks("a");
  ASSERT_TRUE(tasks);
  ASSERT_EQ(tasks->size(), 3U);
  EXPECT_EQ((*tasks)[0].first, 0);
  EXPECT_TRUE((*tasks)[1].done);
  EXPECT_EQ((*tasks)[1].tally.ok, 3);
  EXPECT_EQ((*tasks)[2].count, 100);
  EXPECT_TRUE((*tasks)[2].done);
}

TEST_P(JobTasksOnBoth, AreFinishedOnce) {
  const auto job = add("a");
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(2)));
  const job::Tally tally{1, 2, 3, 4, 5, 6};
  const auto first = store_->finish_task("a", 0, tally, kServer, nullptr);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->tally, tally);
  EXPECT_EQ(first->version, job.version + 1);
  const auto again = store_->finish_task("a", 0, {9, 9, 9, 9, 9, 9}, kServer, nullptr);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->tally, tally);
  EXPECT_EQ(again->version, first->version);
  EXPECT_EQ((*store_->tasks("a"))[0].tally, tally);
  auto both = tally;
  both += tally;
  EXPECT_EQ(store_->finish_task("a", 1, tally, kServer, nullptr)->tally, both);
  const auto none = store_->finish_task("a", 2, tally, kServer, nullptr);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(none.error().message, HasSubstr("job 'a' has no task 2"));
}

TEST_P(JobTasksOnBoth, OfTheOldestJobAreTakenFirst) {
  add("pending");
  add("done", Phase::kCompleted);
  add("first", Phase::kQueued);
  add("second", Phase::kQueued);
  EXPECT_EQ(taken("one", 100), "first");
  EXPECT_EQ(taken("two", 100), "second");
  EXPECT_EQ(taken("two", 100, {"second"}), "");
  EXPECT_FALSE(*store_->claim("pending", "two", 10)) << "it does not wait for its turn";
  EXPECT_EQ(taken("two", 100, {"x", "y"}), "second") << "a server takes its own again";
  EXPECT_EQ(store_->find("first")->server, "one");
  EXPECT_EQ(store_->find("first")->phase, Phase::kQueued);
  EXPECT_EQ(store_->find("first")->version, 1);
}

TEST_P(JobTasksOnBoth, OfADeadServerAreTakenWhenItsLeaseIsOver) {
  add("a", Phase::kQueued);
  EXPECT_EQ(taken("one", 100), "a");
  move("a", Phase::kExecuting);
  EXPECT_EQ(taken("two", 109), "");
  EXPECT_EQ(taken("two", 110), "a");
  EXPECT_EQ(taken("one", 111), "");
  ASSERT_TRUE(store_->renew("two", 500 - now_));
  EXPECT_EQ(taken("one", 499), "");
  EXPECT_EQ(store_->find("a")->lease, 500);
  ASSERT_TRUE(store_->renew("one", 400));
  EXPECT_EQ(taken("one", 500), "a");
}

/// Servers whose clocks disagree: a PostgreSQL whose clock is an hour ahead of this program's.
TEST_P(JobTasksOnBoth, AreLeasedByTheClockOfThePostgresqlThatServersShare) {
  if (!postgresql()) GTEST_SKIP() << "an SQLite file belongs to one machine";
  constexpr Micros kHour = 3'600'000'000, kMinute = 60'000'000;
  const auto look = Look::into(database());
  look->run(
      "create function public.clock_timestamp() returns timestamptz language sql volatile as "
      "$$ select pg_catalog.clock_timestamp() + interval '1 hour' $$");
  look->run(
      "do $$ begin execute format('alter database %I set search_path = public, pg_catalog', "
      "current_database()); end $$");
  store_ = open();
  add("a", Phase::kQueued);
  const auto mine = store_->claim("a", "one", kMinute);
  ASSERT_TRUE(mine && *mine);
  EXPECT_GT((*mine)->lease, now_micros() + kHour);
  EXPECT_LT((*mine)->lease, now_micros() + kHour + 2 * kMinute);
  EXPECT_FALSE(*store_->claim("a", "two", kMinute)) << "it is leased, by that clock";
  ASSERT_TRUE(store_->renew("one", 2 * kMinute));
  EXPECT_GT(store_->find("a")->lease, now_micros() + kHour + kMinute);
  ASSERT_TRUE(store_->renew("one", 0));
  EXPECT_TRUE(*store_->claim("a", "two", kMinute)) << "its lease is over, by that clock";
}

TEST_P(JobTasksOnBoth, OfAJobThatWasLetGoAreTakenAtOnce) {
  add("a", Phase::kQueued);
  EXPECT_EQ(taken("one", 100), "a");
  store_->change("a", [](job::Job& job) -> Status {
    job.phase = Phase::kExecuting;
    job.server.clear();
    return {};
  });
  EXPECT_EQ(taken("two", 101), "a");
}

TEST_P(JobTasksOnBoth, WhatATaskHasLeftComesWithItsEnd) {
  add("a");
  const std::vector<job::Task> tasks{{0, 0, 10, false, {}}};
  ASSERT_TRUE(store_->add_tasks("a", tasks));
  const job::Task rest{1, 10, 4, false, {}};
  ASSERT_TRUE(store_->finish_task("a", 0, {.ok = 6}, kServer, &rest));
  // Told once more, by a server that did not hear the answer.
  const job::Task again{2, 14, 4, false, {}};
  ASSERT_TRUE(store_->finish_task("a", 0, {.ok = 6}, kServer, &again));
  const auto known = store_->tasks("a");
  ASSERT_TRUE(known);
  ASSERT_EQ(known->size(), 2U);
  EXPECT_TRUE((*known)[0].done);
  EXPECT_EQ((*known)[1].first, 10);
  EXPECT_EQ((*known)[1].count, 4);
  EXPECT_EQ(store_->find("a")->tally.ok, 6);
}

TEST_P(JobTasksOnBoth, OnlyWhoWorksOnAJobEndsItsTasks) {
  add("a", job::Phase::kQueued);
  ASSERT_TRUE(store_->claim("a", "one", 2'000'000));
  const std::vector<job::Task> tasks{{0, 0, 10, false, {}}};
  ASSERT_TRUE(store_->add_tasks("a", tasks));
  const auto refused = store_->finish_task("a", 0, {.ok = 10}, "other", nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_FALSE(store_->tasks("a")->front().done);
  EXPECT_TRUE(store_->finish_task("a", 0, {.ok = 10}, "one", nullptr));
}

}  // namespace
}  // namespace recorte::db
