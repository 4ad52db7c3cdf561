// SPDX-License-Identifier: BSD-3-Clause
//
// Two servers at once.
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace recorte::db {
namespace {

using job::Phase;

constexpr int kThreads = 4;  // of each of two stores

class JobRacesOnBoth : public JobsOnBoth {
 protected:
  void SetUp() override {
    JobsOnBoth::SetUp();
    if (!IsSkipped()) other_ = open();
  }
  /// `work(store, thread)` in eight threads that start at once.
  template <class Work>
  void race(Work work) {
    std::latch start(2 * kThreads);
    std::vector<std::thread> threads;
    for (int t = 0; t < 2 * kThreads; ++t)
      threads.emplace_back([&, t] {
        start.arrive_and_wait();
        work(t % 2 == 0 ? *store_ : *other_, t);
      });
    for (auto& thread : threads) thread.join();
  }
  std::unique_ptr<job::Store> other_;
};
INSTANTIATE_ON_BOTH(JobRacesOnBoth);

TEST_P(JobRacesOnBoth, EachJobIsTakenOnce) {
  for (int i = 0; i < 40; ++i) add("job" + std::to_string(i), Phase::kQueued);
  std::mutex mutex;
  std::multiset<std::string> taken;
  race([&](job::Store& store, int thread) {
    const auto server = "server" + std::to_string(thread);
    const auto queue = store.queue(server, 100);
    ASSERT_TRUE(queue) << queue.error().message;
    for (const auto& waits : *queue) {
      const auto job = store.claim(waits.id, server, 3'600'000'000);
      ASSERT_TRUE(job) << job.error().message;
      if (!*job) continue;
      const std::lock_guard lock(mutex);
      taken.insert((*job)->id);
    }
  });
  EXPECT_EQ(taken.size(), 40U);
  EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), 40U);
}

TEST_P(JobRacesOnBoth, NoChangeIsLost) {
  const auto job = add("a");
  race([&](job::Store& store, int) {
    for (int i = 0; i < 25; ++i) {
      const auto changed = store.change("a", [](job::Job& one) -> Status {
        ++one.rounds;
        return {};
      });
      ASSERT_TRUE(changed) << changed.error().message;
    }
  });
  EXPECT_EQ(store_->find("a")->rounds, 2 * kThreads * 25);
  EXPECT_EQ(store_->find("a")->version, job.version + 2 * kThreads * 25);
}

TEST_P(JobRacesOnBoth, EachTaskCountsOnce) {
  add("a");
  ASSERT_TRUE(store_->add_tasks("a", tasks_of(50)));
  race([&](job::Store& store, int) {
    for (int i = 0; i < 50; ++i) {
      const auto done = store.finish_task("a", i, {.ok = 256, .bytes = 10}, kServer, nullptr);
      ASSERT_TRUE(done) << done.error().message;
    }
  });
  EXPECT_EQ(store_->find("a")->tally.ok, 50 * 256);
  EXPECT_EQ(store_->find("a")->tally.bytes, 500);
}

TEST_P(JobRacesOnBoth, NoTwoJobsAreMadeAtOneTime) {
  race([&](job::Store& store, int thread) {
    for (int i = 0; i < 15; ++i) {
      job::Job job;
      job.id = std::to_string(thread) + "-" + std::to_string(i);
      job.created = 1000;
      const auto added = store.add(job);
      ASSERT_TRUE(added) << added.error().message;
    }
  });
  const auto jobs = store_->list({});
  ASSERT_TRUE(jobs);
  std::set<Micros> times;
  for (const auto& job : *jobs) times.insert(job.created);
  EXPECT_EQ(times.size(), 2U * kThreads * 15U);
}

TEST_P(JobRacesOnBoth, MoreAskThanThereAreConnections) {
  for (int i = 0; i < 30; ++i) add("job" + std::to_string(i));
  race([&](job::Store& store, int) {
    for (int i = 0; i < 30; ++i) EXPECT_EQ(store.list({})->size(), 30U);
  });
}

}  // namespace
}  // namespace recorte::db
