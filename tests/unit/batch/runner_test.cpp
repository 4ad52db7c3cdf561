// SPDX-License-Identifier: BSD-3-Clause
//
// Whose turn it is, and how long; who is held, drained and put back.
#include "core/batch/runner.hpp"

#include "core/base/time.hpp"
#include "runs.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>
#include <set>
#include <thread>

namespace recorte::batch {
namespace {

using schedule::Finished;

/// Makes one task after another, on a thread of its own, and remembers which; where it is told to
/// stop, the test says when it goes on.
class Calm : public test::BatchExecutor {
 public:
  Calm() : thread_([this] { serve(); }) {}
  ~Calm() override {
    go_on();
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  using BatchExecutor::run;
  void run(cutout::Task task, schedule::CallerSink sink, schedule::Cancelled cancelled,
           std::function<void(Finished)> done) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(task), std::move(sink), std::move(cancelled), std::move(done)});
    wake_.notify_all();
  }

  /// Before the task after so many.
  void stop_after(std::size_t tasks) { stop_ = tasks; }
  void go_on() {
    const std::lock_guard lock(mutex_);
    stop_ = SIZE_MAX;
    wake_.notify_all();
  }
  /// Until it stands before a task, and has that.
  void wait_until_stopped() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return done_ >= stop_ && !waiting_.empty(); });
  }
  /// Until the task that is next is to be given up.
  void wait_until_cancelled() {
    for (bool cancelled = false; !cancelled; std::this_thread::yield()) {
      const std::lock_guard lock(mutex_);
      cancelled = !waiting_.empty() && *waiting_.front().cancelled;
    }
  }
  /// Jobs, in the order of their tasks.
  std::vector<std::string> jobs() {
    const std::lock_guard lock(mutex_);
    return jobs_;
  }
  std::vector<std::vector<std::string>> groups() {
    const std::lock_guard lock(mutex_);
    return groups_;
  }
  std::vector<std::size_t> sizes() {
    const std::lock_guard lock(mutex_);
    return sizes_;
  }

  double seconds = 0.25;                ///< that a product is said to take
  std::size_t most_items = SIZE_MAX;    ///< before a slice is over
  std::vector<std::uint64_t> memories;  ///< that were expected

 private:
  struct Waiting {
    cutout::Task task;
    schedule::CallerSink sink;
    schedule::Cancelled cancelled;
    std::function<void(Finished)> done;
  };

  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return over_ || (done_ < stop_ && !waiting_.empty()); });
      if (waiting_.empty()) return;
      const auto next = std::move(waiting_.front());
      waiting_.erase(waiting_.begin());
      ++done_;
      lock.unlock();
      auto finished =
          *next.cancelled
              ? Finished{fail(ErrorCode::kCancelled, "cancelled"), nullptr, 0, 0}
              : test::make_items(next.task, next.sink.file->get(), 0, most_items, seconds);
      lock.lock();
      jobs_.push_back(next.task.id.substr(0, next.task.id.find('/')));
      groups_.push_back(next.task.groups);
      sizes_.push_back(next.task.items.size());
      memories.push_back(next.task.memory);
      lock.unlock();
      next.done(std::move(finished));
      lock.lock();
      wake_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> waiting_;
  std::vector<std::string> jobs_;
  std::vector<std::vector<std::string>> groups_;
  std::vector<std::size_t> sizes_;
  std::size_t done_ = 0;
  std::atomic<std::size_t> stop_ = SIZE_MAX;
  bool over_ = false;
  std::thread thread_;
};

/// Fails at its first task's items by an error that passes, and is left then; later it makes two
/// items a turn.
class Passing : public test::BatchExecutor {
 public:
  explicit Passing(std::atomic<bool>& fails) : fails_(fails) {}
  using BatchExecutor::run;
  void run(cutout::Task task, schedule::CallerSink sink, schedule::Cancelled,
           std::function<void(Finished)> done) override {
    if (!fails_) return done(test::make_items(task, sink.file->get(), 0, 2));
    for (const auto& item : task.items)
      EXPECT_TRUE(test::write_item(
          sink.file->get(), test::failed(item.row, ErrorCode::kUnavailable, "stale file handle"),
          ""));
    done({fail(ErrorCode::kUnavailable, "the server stops"), nullptr, 0, 0});
  }

 private:
  std::atomic<bool>& fails_;
};

struct TurnsTest : test::RunnerTest {
  TurnsTest() { options.tasks_at_once = 1; }
};

TEST_F(TurnsTest, OwnersTakeTurnsHoweverManyJobsOneHas) {
  for (const auto* id : {"a1", "a2", "a3", "a4"}) add(id, "ann", 24);
  add("b", "bob", 24);
  Calm executor;
  start(executor);
  wait_for({"a1", "a2", "a3", "a4", "b"});
  runner.reset();
  for (const auto* id : {"a1", "a2", "a3", "a4", "b"}) expect_complete(id, 24);
  auto jobs = executor.jobs();
  // Bob's six tasks are among the first dozen, or nearly so.
  const auto last = std::find(jobs.rbegin(), jobs.rend(), "b").base() - jobs.begin();
  EXPECT_LE(last, 14);
}

TEST_F(TurnsTest, WhatFailedInAnEarlierTurnByWhatPassesIsNotOfThisOne) {
  options.products_per_task = 30;
  add("a", "ann", 30);
  std::atomic<bool> fails = true;
  {
    Passing executor(fails);
    start(executor);
    change([] {});
    runner.reset();
  }
  fails = false;
  Passing executor(fails);
  start(executor);
  wait_for({"a"});
  runner.reset();
  expect_complete("a", 30);
}

TEST_F(TurnsTest, OfOneOwnerTheHigherPlaceGoesFirstThenTheOlder) {
  add("old", "ann", 12);
  add("new", "ann", 12);
  add("high", "ann", 12).place = 1;
  Calm executor;
  start(executor);
  wait_for({"old", "new", "high"});
  runner.reset();
  const auto jobs = executor.jobs();
  EXPECT_THAT(
      jobs, testing::ElementsAre("high", "high", "high", "old", "old", "old", "new", "new", "new"));
}

TEST_F(TurnsTest, ManyJobsOfOneKeepNobodyOut) {
  for (const auto* id : {"a1", "a2", "a3"}) add(id, "ann", 80);
  Calm executor;
  executor.stop_after(2);
  start(executor);
  executor.wait_until_stopped();
  change([this] { add("b", "bob", 8); });  // when ann has all places
  executor.go_on();
  wait_for({"a1", "a2", "a3", "b"});
  runner.reset();
  expect_complete("a1", 80);
  expect_complete("b", 8);
  const auto jobs = executor.jobs();
  EXPECT_LE(std::find(jobs.rbegin(), jobs.rend(), "b").base() - jobs.begin(), 10);
}

TEST_F(TurnsTest, ATaskEndsWithItsTurnAndIsGivenOnInOrder) {
  options.products_per_task = 100;
  options.task_time = 1'000'000;
  options.seconds_per_product = [](const auto&) { return 0.4; };
  add("a", "ann", 11);
  add("b", "bob", 3);
  Calm executor;
  executor.seconds = 0.4;
  start(executor);
  wait_for({"a", "b"});
  runner.reset();
  expect_complete("a", 11);
  expect_complete("b", 3);
  for (const auto size : executor.sizes()) EXPECT_LE(size, 2U);
}

TEST_F(TurnsTest, ASlowProductIsAlone) {
  options.products_per_task = 100;
  options.seconds_per_product = [](const auto&) { return 60.0; };
  add("a", "ann", 3);
  Calm executor;
  executor.seconds = 60;
  start(executor);
  wait_for({"a"});
  runner.reset();
  expect_complete("a", 3);
  EXPECT_THAT(executor.sizes(), testing::Each(1U));
}

/// Nobody knows beforehand that its products are slow: the worker ends each turn early, and what a
/// product takes is learnt. Bob does not wait for all of Ann's.
TEST_F(TurnsTest, SlowWorkYieldsToAnotherOwner) {
  options.products_per_task = 1'000;
  options.task_time = 1'000'000;
  add("a", "ann", 60);
  add("b", "bob", 6);
  Calm executor;
  executor.seconds = 0.5;
  executor.most_items = 3;
  start(executor);
  wait_for({"a", "b"});
  runner.reset();
  expect_complete("a", 60);
  expect_complete("b", 6);
  const auto jobs = executor.jobs();
  EXPECT_LE(std::find(jobs.rbegin(), jobs.rend(), "b").base() - jobs.begin(), 14);
  // What is left of a task is where it was in the order: nothing is written there again.
  EXPECT_EQ(std::filesystem::file_size(directory.path() / "a" / "order"),
            60 * sizeof(std::uint32_t));
}

TEST_F(TurnsTest, ATaskSaysWhatMemoryItsJobIsExpectedToTake) {
  add("a", "ann", 3).prediction.pixels = 5e9;
  options.memory = [](const job::Job& job) {
    return static_cast<std::uint64_t>(job.prediction.pixels);
  };
  Calm executor;
  start(executor);
  wait_for({"a"});
  runner.reset();
  EXPECT_THAT(executor.memories, testing::Each(5'000'000'000U));
}

TEST_F(TurnsTest, SoManyOfAnOwnerRunAtOnce) {
  options.may_run = [](const job::Queued&) { return 1; };
  add("a1", "ann", 12);
  add("a2", "ann", 12).place = 1;
  add("b", "bob", 12);
  Calm executor;
  start(executor);
  wait_for({"a1", "a2", "b"});
  runner.reset();
  const auto jobs = executor.jobs();
  const auto first = std::ranges::find(jobs, "a1") - jobs.begin();
  const auto last = std::find(jobs.rbegin(), jobs.rend(), "a2").base() - jobs.begin();
  EXPECT_LE(last, first);
  EXPECT_LT(std::ranges::find(jobs, "b") - jobs.begin(), last);
}

TEST_F(TurnsTest, AJobGoesOnWithTheGroupsThatItsOwnerHasByThen) {
  add("less", "ann", 4).groups = {"des", "lsst"};
  options.groups = [](const job::Job&) { return std::vector<std::string>{"lsst"}; };
  Calm executor;
  start(executor);
  wait_for({"less"});
  EXPECT_THAT(executor.groups(), testing::Each(testing::ElementsAre("lsst")));
  EXPECT_THAT(store.jobs.at("less").groups, testing::ElementsAre("lsst"));
}

TEST_F(TurnsTest, AJobOfWhomNothingIsToBeMadeForWaitsForAnAdmin) {
  add("whose", "ann", 4);
  add("other", "bob", 4);
  options.groups = [](const job::Job& job) -> Result<std::vector<std::string>> {
    if (job.owner == "ann") return fail(ErrorCode::kForbidden, "the account ann is disabled");
    return job.groups;
  };
  Calm executor;
  start(executor);
  wait_for({"other"});
  change([] {});
  const auto& job = store.jobs.at("whose");
  EXPECT_EQ(job::name_of(job.phase), "HELD");
  EXPECT_EQ(job.hold, job::Hold::kAdmin);
  ASSERT_TRUE(job.error);
  EXPECT_EQ(job.error->message, "the account ann is disabled");
}

TEST_F(TurnsTest, OneThatIsHeldKeepsWhatItHasMadeAndGoesOnLater) {
  add("a", "ann", 40);
  Calm executor;
  executor.stop_after(3);
  start(executor);
  executor.wait_until_stopped();
  change([this] { store.jobs.at("a").phase = job::Phase::kHeld; });
  executor.wait_until_cancelled();
  executor.go_on();
  change([this] { add("b", "bob", 4); });
  wait_for({"b"});
  EXPECT_THAT(executor.jobs(), testing::ElementsAre("a", "a", "a", "a", "b", "b"));
  std::int64_t made = 0;
  change([&] {
    auto& job = store.jobs.at("a");
    EXPECT_EQ(job.phase, job::Phase::kHeld);
    made = job.tally.ok;
    job.phase = job::Phase::kQueued;
  });
  EXPECT_EQ(made, 12);
  wait_for({"a"});
  runner.reset();
  expect_complete("a", 40);
}

TEST_F(TurnsTest, WhileItDrainsNothingNewBeginsAndWhatHasBegunEnds) {
  add("a", "ann", 40);
  Calm executor;
  executor.stop_after(1);
  start(executor);
  executor.wait_until_stopped();
  runner->set_draining(true);
  change([this] { add("b", "bob", 4); });
  executor.go_on();
  wait_for({"a"});
  change([] {});
  EXPECT_EQ(store.claimed, 1);
  runner->set_draining(false);
  wait_for({"b"});
  runner.reset();
  expect_complete("a", 40);
  expect_complete("b", 4);
}

/// Makes everything at once, and remembers of which surveys each file got products.
class Noting : public test::BatchExecutor {
 public:
  using BatchExecutor::run;
  void run(cutout::Task task, schedule::CallerSink sink, schedule::Cancelled,
           std::function<void(Finished)> done) override {
    struct stat about {};
    EXPECT_EQ(::fstat(sink.file->get(), &about), 0);
    {
      const std::lock_guard lock(mutex_);
      for (const auto& item : task.items) surveys_[about.st_ino].insert(item.request.survey);
    }
    done(test::make_items(task, sink.file->get(), 0, task.items.size()));
  }
  std::vector<std::set<std::string>> surveys() {
    const std::lock_guard lock(mutex_);
    std::vector<std::set<std::string>> out;
    for (const auto& [file, names] : surveys_) out.push_back(names);
    return out;
  }

 private:
  std::mutex mutex_;
  std::map<ino_t, std::set<std::string>> surveys_;
};

/// Who makes products of one survey finds no other's in the pack.
TEST_F(TurnsTest, APackIsOfOneSurvey) {
  Noting executor;
  for (const auto* id : {"a", "b"}) add(id, "ana", 10, {"demo", "secret", "secret"});
  start(executor);
  wait_for({"a", "b"});
  runner.reset();
  for (const auto* id : {"a", "b"}) expect_complete(id, 10);
  const auto surveys = executor.surveys();
  EXPECT_GE(surveys.size(), 4U);
  for (const auto& of_a_file : surveys) EXPECT_EQ(of_a_file.size(), 1U);
}

}  // namespace
}  // namespace recorte::batch
