// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/local_executor.hpp"

#include "../worker/support.hpp"
#include "core/base/time.hpp"
#include "core/cutout/item_log.hpp"
#include "core/schedule/sinks.hpp"
#include "core/worker/channel.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

namespace recorte::schedule {
namespace {

namespace fs = std::filesystem;
namespace test = worker::test;
using cutout::Lane;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kLong = std::chrono::seconds(60);
using Flag = std::shared_ptr<std::atomic<bool>>;

Flag flag(bool value = false) { return std::make_shared<std::atomic<bool>>(value); }

/// Whether a condition comes true in good time.
template <class Condition>
bool soon(Condition&& condition) {
  const auto end = monotonic_ms() + 30'000;
  while (!condition() && monotonic_ms() < end) std::this_thread::yield();
  return condition();
}

class LocalExecutorTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_.emplace();
    test::make_surveys(directory_->path(), {"loop-find"}, {"segfault-run"});
    fs::create_directory(directory_->path() / "spill");
  }
  static void TearDownTestSuite() { directory_.reset(); }

  void SetUp() override {
    descriptors_ = test::open_descriptors();
    ASSERT_TRUE(test::children().empty());
  }
  /// Whatever happened, neither a descriptor nor a process, living or dead, is left.
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_TRUE(test::children().empty());
  }

  static LocalExecutor::Options options(std::size_t workers = 1) {
    LocalExecutor::Options out;
    out.pool.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.pool.worker.surveys = directory_->path() / "surveys.d";
    out.pool.worker.plugins = {directory_->path() / "plugins"};
    out.pool.workers = workers;
    out.spill = directory_->path() / "spill";
    return out;
  }
  static cutout::Task task(const std::string& survey, Lane lane = Lane::kRealTime, int side = 16,
                           const std::string& more = "") {
    cutout::Task out;
    out.id = "test";
    out.lane = lane;
    const auto text = "survey=" + survey + "&ra=150.1&dec=2.2&size=" + std::to_string(side) + "px";
    out.items.push_back({7, cutout::parse_canonical(text + more).value(), {}});
    return out;
  }
  /// One that keeps its worker until it is cancelled.
  static cutout::Task endless() { return task("loop-find"); }

  static std::future<Finished> run(Executor& executor, cutout::Task task,
                                   std::int64_t estimated_bytes = 0, Flag cancelled = nullptr) {
    auto answer = std::make_shared<std::promise<Finished>>();
    executor.run(std::move(task), estimated_bytes, std::move(cancelled),
                 [answer](Finished finished) { answer->set_value(std::move(finished)); });
    return answer->get_future();
  }
  static Finished get(std::future<Finished> answer) {
    if (answer.wait_for(kLong) != std::future_status::ready)
      throw std::runtime_error("no answer came");
    return answer.get();
  }
  static void expect_good(Executor& executor) {
    const auto finished = get(run(executor, task("small")));
    ASSERT_TRUE(finished.report) << finished.report.error().message;
    EXPECT_FALSE(finished.report->outcomes.at(0).error);
  }
  static std::string name_of(const Fd& descriptor) {
    return fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor.get()));
  }

  static inline std::optional<test::TempDir> directory_;
  std::size_t descriptors_ = 0;
};

TEST_F(LocalExecutorTest, AProductIsInItsSink) {
  LocalExecutor executor(options());
  ASSERT_TRUE(executor.started());
  const auto finished = get(run(executor, task("small")));
  ASSERT_TRUE(finished.report) << finished.report.error().message;
  const auto& outcome = finished.report->outcomes.at(0);
  ASSERT_FALSE(outcome.error);
  EXPECT_EQ(outcome.row, 7U);
  const auto product = finished.sink->content(outcome.offset, outcome.bytes).memory();
  EXPECT_THAT(std::string(reinterpret_cast<const char*>(product.data()), product.size()),
              StartsWith("SIMPLE  ="));
  EXPECT_EQ(finished.sink->end(), outcome.bytes);
  EXPECT_GE(finished.queued_us, 0);
  EXPECT_GT(finished.worked_us, 0);
  EXPECT_EQ(executor.finished(), 1U);
  EXPECT_EQ(executor.waiting() + executor.working() + executor.refused() + executor.deaths(), 0U);
}

TEST_F(LocalExecutorTest, AProductIsInTheCallersSink) {
  LocalExecutor executor(options());
  const auto sink = std::make_shared<const Fd>(make_memfd("own").value());
  for (int i = 1; i <= 2; ++i) {
    auto logged = task("small", Lane::kBatch);
    logged.log_items = true;
    auto answer = std::make_shared<std::promise<Finished>>();
    executor.run(std::move(logged), {sink, {}}, nullptr,
                 [answer](Finished finished) { answer->set_value(std::move(finished)); });
    const auto finished = get(answer->get_future());
    ASSERT_TRUE(finished.report) << finished.report.error().message;
    EXPECT_EQ(finished.sink, nullptr);
    EXPECT_GT(finished.worked_us, 0);
    std::int64_t end = 0;
    EXPECT_EQ(cutout::read_items(sink->get(), end)->size(), static_cast<std::size_t>(i));
  }
}

TEST_F(LocalExecutorTest, TellsWhatIsCoveredInTheBatchLane) {
  LocalExecutor executor(options());
  const auto covered = [&](Flag cancelled) {
    auto answer = std::make_shared<std::promise<Result<std::string>>>();
    executor.cover(task("small"), std::move(cancelled),
                   [answer](Result<std::string> result) { answer->set_value(std::move(result)); });
    auto result = answer->get_future();
    EXPECT_EQ(result.wait_for(kLong), std::future_status::ready);
    return result.get();
  };
  EXPECT_EQ(covered(nullptr).value(), std::string(1, 1));
  const auto none = covered(flag(true));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kCancelled);
}

TEST_F(LocalExecutorTest, WhatMayBeLargeGoesToDisk) {
  auto o = options();
  o.in_memory = 1000;
  LocalExecutor executor(o);
  for (const std::int64_t small : {0, 1000})
    EXPECT_THAT(name_of(get(run(executor, task("small"), small)).sink->file()),
                StartsWith("/memfd:"));
  for (const std::int64_t large : {1001, -1})
    EXPECT_THAT(name_of(get(run(executor, task("small"), large)).sink->file()),
                AllOf(StartsWith(o.spill.string()), HasSubstr("deleted")));
  EXPECT_TRUE(fs::is_empty(o.spill));
}

/// A product larger than was thought, and than a file in memory may be, is made again on disk.
TEST_F(LocalExecutorTest, WhatTurnsOutToBeLargeGoesToDiskToo) {
  auto o = options();
  LocalExecutor executor(o);
  auto large = task("small");
  large.items[0].request =
      cutout::parse_canonical("survey=small&ra=150.1&dec=2.2&size=4200px").value();
  ASSERT_GT(4 * 4200 * 4200, store::Sink::kMemory);
  const auto finished = get(run(executor, large, 0));
  ASSERT_TRUE(finished.report) << finished.report.error().message;
  ASSERT_FALSE(finished.report->outcomes[0].error) << finished.report->outcomes[0].error->message;
  EXPECT_EQ(finished.report->outcomes[0].width, 4200);
  EXPECT_THAT(name_of(finished.sink->file()), HasSubstr("deleted"));
  EXPECT_THAT(name_of(get(run(executor, task("small"), 0)).sink->file()), StartsWith("/memfd:"));
}

/// A worker that a request thread takes for its task is never the one that another thread of the
/// executor has gone to wait for.
TEST_F(LocalExecutorTest, SmallAndLargeTasksShareTheWorkers) {
  for (const std::size_t workers : {1U, 2U}) {
    auto o = options();
    o.pool.workers = workers;
    LocalExecutor executor(o);
    std::vector<std::future<Finished>> all;
    for (int i = 0; i < 60; ++i) {
      const auto lane = i % 3 == 0 ? Lane::kBatch : Lane::kRealTime;
      all.push_back(run(executor, task("small", lane), i % 2 == 0 ? -1 : 0));
    }
    for (auto& one : all) {
      const auto finished = get(std::move(one));
      ASSERT_TRUE(finished.report) << finished.report.error().message;
    }
    EXPECT_EQ(executor.finished(), 60U);
  }
}

/// The same memory serves one after another, and never two at once.
TEST_F(LocalExecutorTest, SinksAreUsedAgain) {
  Sinks sinks(fs::temp_directory_path());
  {
    const auto first = sinks.in_memory().value();
    const auto second = sinks.in_memory().value();
    EXPECT_NE(first->descriptor(), second->descriptor());
    for (const auto& sink : {first, second})
      ASSERT_EQ(::pwrite(sink->descriptor(), "used", 4, 0), 4);
  }
  // New memory would be zeros.
  const auto a = sinks.in_memory().value();
  const auto b = sinks.in_memory().value();
  for (const auto& sink : {a, b})
    EXPECT_EQ(std::memcmp(sink->content(0, 4).memory().data(), "used", 4), 0);
  EXPECT_NE(a->descriptor(), b->descriptor());
}

TEST_F(LocalExecutorTest, WithoutAPlaceForLargeProductsItSaysSo) {
  auto o = options();
  o.spill = "/no/such/directory";
  LocalExecutor executor(o);
  const auto finished = get(run(executor, task("small"), -1));
  ASSERT_FALSE(finished.report);
  EXPECT_THAT(finished.report.error().message, HasSubstr("/no/such/directory"));
  expect_good(executor);
}

TEST_F(LocalExecutorTest, DescribesAndLocates) {
  LocalExecutor executor(options());
  std::promise<Result<json>> described, unknown, located;
  executor.describe("small", [&](auto answer) { described.set_value(std::move(answer)); });
  executor.describe("no_such", [&](auto answer) { unknown.set_value(std::move(answer)); });
  executor.locate(task("small"), nullptr, [&](auto answer) { located.set_value(answer); });
  EXPECT_EQ(described.get_future().get().value().at("id"), "small");
  EXPECT_EQ(unknown.get_future().get().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(located.get_future().get().value().at(0).at("images").at(0).at("band"), "g");
  EXPECT_EQ(executor.finished(), 3U);
}

TEST_F(LocalExecutorTest, RealTimeGoesBeforeBatch) {
  LocalExecutor executor(options());
  const auto cancelled = flag();
  auto first = run(executor, endless(), 0, cancelled);
  ASSERT_TRUE(soon([&] { return executor.working() == 1; }));
  std::mutex mutex;
  std::vector<std::string> order;
  const auto note = [&](const std::string& name) {
    return [&, name](const auto&) {
      const std::lock_guard lock(mutex);
      order.push_back(name);
    };
  };
  executor.run(task("small", Lane::kBatch), 0, nullptr, note("batch 1"));
  executor.run(task("small", Lane::kBatch), 0, nullptr, note("batch 2"));
  executor.run(task("small"), 0, nullptr, note("cutout"));
  executor.describe("small", note("describe"));
  executor.locate(task("small", Lane::kBatch), nullptr, note("locate"));
  EXPECT_EQ(executor.waiting(), 5U);
  *cancelled = true;
  EXPECT_EQ(get(std::move(first)).report.error().code, ErrorCode::kCancelled);
  ASSERT_TRUE(soon([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 5;
  }));
  EXPECT_THAT(order, ElementsAre("cutout", "describe", "locate", "batch 1", "batch 2"));
}

TEST_F(LocalExecutorTest, AFullLaneTurnsAwayAtOnce) {
  auto o = options();
  o.waiting = 2;
  LocalExecutor executor(o);
  const auto cancelled = flag();
  auto first = run(executor, endless(), 0, cancelled);
  ASSERT_TRUE(soon([&] { return executor.working() == 1; }));
  auto second = run(executor, task("small"));
  auto third = run(executor, task("small"));
  auto fourth = run(executor, task("small"));
  ASSERT_EQ(fourth.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  const auto refused = fourth.get();
  ASSERT_FALSE(refused.report);
  EXPECT_EQ(refused.report.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.report.error().message, "2 requests are waiting; try again in 5 seconds");
  EXPECT_EQ(refused.sink, nullptr);
  std::optional<Result<json>> described;
  executor.describe("small", [&](auto answer) { described = std::move(answer); });
  EXPECT_TRUE(described && described->error().code == ErrorCode::kUnavailable);
  EXPECT_EQ(executor.refused(), 2U);

  auto batch = run(executor, task("small", Lane::kBatch));  // its lane has room
  EXPECT_EQ(executor.waiting(), 3U);
  *cancelled = true;
  for (auto* answer : {&second, &third, &batch}) EXPECT_TRUE(get(std::move(*answer)).report);
  EXPECT_FALSE(get(std::move(first)).report);
  EXPECT_EQ(executor.finished(), 4U);
}

TEST_F(LocalExecutorTest, WhatIsCancelledBeforeItsTurnCostsNoWorker) {
  auto o = options();
  o.pool.program = "/no/such/recorte-worker";
  LocalExecutor executor(o);  // which could not serve it
  const auto finished = get(run(executor, task("small"), -1, flag(true)));
  ASSERT_FALSE(finished.report);
  EXPECT_EQ(finished.report.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(finished.sink, nullptr);
  EXPECT_EQ(finished.worked_us, 0);
  std::promise<Result<json>> located;
  executor.locate(task("small"), flag(true), [&](auto answer) { located.set_value(answer); });
  EXPECT_EQ(located.get_future().get().error().code, ErrorCode::kCancelled);
  EXPECT_EQ(executor.finished(), 2U);
}

TEST_F(LocalExecutorTest, AQuestionAtWorkCanBeCancelled) {
  LocalExecutor executor(options());
  const auto cancelled = flag();
  std::promise<Result<json>> located;
  executor.locate(endless(), cancelled, [&](auto answer) { located.set_value(answer); });
  ASSERT_TRUE(soon([&] { return executor.working() == 1; }));
  *cancelled = true;
  EXPECT_EQ(located.get_future().get().error().code, ErrorCode::kCancelled);
  expect_good(executor);
}

/// Though a worker is free; and others that need little do not wait.
TEST_F(LocalExecutorTest, TwoThatNeedMuchMemoryDoNotMeet) {
  auto o = options(3);
  o.room = std::make_shared<Room>(100);
  LocalExecutor executor(o);
  LocalExecutor other(o);
  auto first = endless(), second = task("small", Lane::kBatch), third = second;
  first.memory = second.memory = third.memory = 60;
  const auto cancelled = flag();
  auto large = run(executor, std::move(first), 0, cancelled);
  ASSERT_TRUE(soon([&] { return executor.working() == 1; }));
  auto waits = run(executor, std::move(second));
  auto waits_too = run(other, std::move(third));
  expect_good(executor);
  expect_good(other);
  EXPECT_EQ(executor.waiting(), 1U);
  EXPECT_EQ(other.waiting(), 1U);
  EXPECT_EQ(o.room->taken(), 60U);
  *cancelled = true;
  EXPECT_TRUE(get(std::move(waits)).report);
  EXPECT_TRUE(get(std::move(waits_too)).report);
  EXPECT_FALSE(get(std::move(large)).report);
  EXPECT_EQ(o.room->taken(), 0U);
}

TEST_F(LocalExecutorTest, OneThatWaitsForMemoryCanBeCancelled) {
  auto o = options(2);
  o.room = std::make_shared<Room>(100);
  LocalExecutor executor(o);
  auto first = endless(), second = task("small");
  first.memory = second.memory = 60;
  const auto end_first = flag(), end_second = flag();
  auto large = run(executor, std::move(first), 0, end_first);
  ASSERT_TRUE(soon([&] { return executor.working() == 1; }));
  auto waits = run(executor, std::move(second), 0, end_second);
  EXPECT_EQ(executor.waiting(), 1U);
  *end_second = true;
  EXPECT_EQ(get(std::move(waits)).report.error().code, ErrorCode::kCancelled);
  *end_first = true;
  EXPECT_EQ(get(std::move(large)).report.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(o.room->taken(), 0U);
}

TEST_F(LocalExecutorTest, ACrashCostsItsTaskAlone) {
  LocalExecutor executor(options(2));
  const auto crashed =
      get(run(executor, task("small", Lane::kRealTime, 16, "&algorithm=vice-segfault-run")));
  ASSERT_FALSE(crashed.report);
  EXPECT_EQ(crashed.report.error().code, ErrorCode::kPlugin);
  EXPECT_EQ(executor.deaths(), 1U);
  EXPECT_EQ(executor.workers(), 1U);
  for (int i = 0; i < 4; ++i) expect_good(executor);
}

TEST_F(LocalExecutorTest, WorkersAreThereBeforeTheFirstTask) {
  LocalExecutor executor(options(3));
  EXPECT_EQ(executor.workers(), 3U);
  const auto workers = test::children();
  EXPECT_EQ(workers.size(), 3U);
  for (int i = 0; i < 6; ++i) expect_good(executor);
  EXPECT_EQ(test::children(), workers);
}

TEST_F(LocalExecutorTest, AWorkerThatDiedIdleIsReplaced) {
  LocalExecutor executor(options());
  expect_good(executor);
  const auto workers = test::children();
  ASSERT_EQ(workers.size(), 1U);  // else the signal could reach everyone
  const auto pid = *workers.begin();
  ::kill(pid, SIGKILL);
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  ASSERT_TRUE(worker::wait_readable(process.get(), monotonic_ms() + 5000));
  expect_good(executor);
  EXPECT_EQ(executor.deaths(), 1U);
  EXPECT_EQ(executor.workers(), 1U);
}

TEST_F(LocalExecutorTest, AProgramThatCannotRunIsToldAtTheStart) {
  auto o = options();
  o.pool.program = "/no/such/recorte-worker";
  LocalExecutor executor(o);
  ASSERT_FALSE(executor.started());
  EXPECT_THAT(executor.started().error().message, HasSubstr("/no/such/recorte-worker"));
  EXPECT_EQ(executor.workers(), 0U);
  EXPECT_FALSE(get(run(executor, task("small"))).report);
}

TEST_F(LocalExecutorTest, WhenItGoesTheWaitingAreToldAndTheRunningAwaited) {
  auto executor = std::make_unique<LocalExecutor>(options());
  auto long_one = endless();
  long_one.budget.wall_ms = 700;
  auto running = run(*executor, std::move(long_one));
  ASSERT_TRUE(soon([&] { return executor->working() == 1; }));
  auto waiting = run(*executor, task("small"));
  auto batch = run(*executor, task("small", Lane::kBatch));
  std::optional<Error> again;
  executor->describe("small", [&, asked = executor.get()](Result<json> answer) {
    EXPECT_FALSE(answer);
    asked->describe("small", [&](Result<json> late) { again = late.error(); });
  });
  executor.reset();
  EXPECT_EQ(get(std::move(running)).report.error().code, ErrorCode::kTimeout);
  for (auto* answer : {&waiting, &batch}) {
    const auto finished = get(std::move(*answer));
    EXPECT_EQ(finished.report.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(finished.report.error().message, HasSubstr("stopping"));
  }
  ASSERT_TRUE(again);
  EXPECT_EQ(again->code, ErrorCode::kUnavailable);
}

/// Whatever becomes of them: done, cancelled early or late, refused, or left when it goes.
TEST_F(LocalExecutorTest, EveryoneIsAnsweredOnce) {
  constexpr int kThreads = 6;
  constexpr int kEach = 40;
  std::vector<std::atomic<int>> answers(kThreads * kEach);
  std::atomic<int> good = 0;
  {
    auto o = options(3);
    o.waiting = 25;
    LocalExecutor executor(o);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const int side = 3 + (t * kEach + i) % 40;
          const auto cancelled = flag(i % 11 == 3);
          const auto number = static_cast<std::size_t>(t * kEach + i);
          executor.run(task("small", i % 2 ? Lane::kBatch : Lane::kRealTime, side), i % 3 - 1,
                       cancelled, [&, number, side](Finished finished) {
                         ++answers[number];
                         if (!finished.report) return;
                         ++good;
                         EXPECT_EQ(finished.report->outcomes.at(0).width, side);
                       });
          if (i % 7 == 0) *cancelled = true;
          if (i % 10 == 0) soon([&] { return executor.waiting() < 20; });
        }
      });
    for (auto& thread : threads) thread.join();
  }
  for (const auto& count : answers) EXPECT_EQ(count, 1);
  EXPECT_GT(good, kThreads);
}

}  // namespace
}  // namespace recorte::schedule
