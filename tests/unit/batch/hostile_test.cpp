// SPDX-License-Identifier: BSD-3-Clause
//
// The runner over an executor that fails at all that one may fail at, and at some more.
#include "core/base/time.hpp"
#include "runs.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <deque>
#include <map>
#include <random>
#include <thread>

namespace recorte::batch {
namespace {

using schedule::Finished;

constexpr Micros kSecond = 1'000'000;

/// A second of it is a millisecond.
Micros fast_clock() {
  static const auto start = std::chrono::steady_clock::now();
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                               start)
             .count() *
         1'000;
}

enum class Mischief {
  kNone,
  kTwice,   ///< the answer comes twice
  kLost,    ///< it is not even begun
  kUntold,  ///< it is made, and no answer comes
  kZombie,  ///< half is made; the rest once others have given it up, over a later attempt's head
  kHalfAnItem,   ///< the last item is cut off, and said to be there
  kLie,          ///< nothing is made, and said to be there
  kOtherRows,    ///< products nobody asked for are made, and told of
  kStrayRows,    ///< they are made, and not told of
  kOlder,        ///< the answer of an earlier task
  kUnavailable,  ///< half is made
};
constexpr int kMischiefs = 11;

class Hostile : public test::BatchExecutor {
 public:
  explicit Hostile(unsigned seed) : random_(seed), thread_([this] { serve(); }) {}
  ~Hostile() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  using BatchExecutor::run;
  void run(cutout::Task task, schedule::CallerSink sink, schedule::Cancelled,
           std::function<void(Finished)> done) override {
    const std::lock_guard lock(mutex_);
    // By the descriptor, or by its name as one on another machine would.
    std::optional<std::filesystem::path> name;
    if (random_() % 2) name = sink.name().value();
    post(0, [this, task = std::move(task), file = sink.file, name, done = std::move(done)] {
      const auto opened = std::make_shared<const Fd>(
          name ? ::open(name->c_str(), O_RDWR | O_CLOEXEC) : ::dup(file->get()));
      if (*opened) work(task, opened, done);  // else it is too late
    });
    wake_.notify_one();
  }

  std::map<Mischief, int> done;

 private:
  void post(Micros at, std::function<void()> event) {
    events_.emplace(events_.begin() + static_cast<std::ptrdiff_t>(random_() % (events_.size() + 1)),
                    at, std::move(event));
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const auto at = std::ranges::find_if(
          events_, [](const auto& event) { return event.first <= fast_clock(); });
      if (at == events_.end()) {
        wake_.wait_for(lock, std::chrono::milliseconds(1));
        continue;
      }
      const auto event = std::move(at->second);
      events_.erase(at);
      lock.unlock();
      event();
      lock.lock();
    }
  }

  void later(Micros time, std::function<void()> event) {
    const std::lock_guard lock(mutex_);
    post(fast_clock() + time, std::move(event));
  }

  Mischief some_mischief() {
    const std::lock_guard lock(mutex_);
    const auto out = static_cast<Mischief>(random_() % kMischiefs);
    ++done[out];
    return out;
  }

  void work(const cutout::Task& task, const std::shared_ptr<const Fd>& sink,
            const std::function<void(Finished)>& tell) {
    const auto mischief = some_mischief();
    const int fd = sink->get();
    const auto half = task.items.size() / 2;
    const auto all = task.items.size();
    const auto said = [&] {
      Finished out;
      out.report = cutout::TaskReport();
      for (const auto& item : task.items) out.report->outcomes.push_back(test::made(item.row));
      return out;
    };
    switch (mischief) {
      case Mischief::kNone: tell(older_ = test::make_items(task, fd, 0, all)); break;
      case Mischief::kTwice: {
        const auto finished = test::make_items(task, fd, 0, all);
        tell(finished);
        tell(finished);
        later(100 * kSecond, [tell, finished] { tell(finished); });
        break;
      }
      case Mischief::kLost: break;
      case Mischief::kUntold: test::make_items(task, fd, 0, all); break;
      case Mischief::kZombie: {
        test::make_items(task, fd, 0, half);
        for (int i = 0; i < 20; ++i)
          later(10 * i * kSecond,
                [task, sink, half, all] { test::make_items(task, sink->get(), half, all); });
        later(200 * kSecond, [tell, said = said()] { tell(said); });
        break;
      }
      case Mischief::kHalfAnItem: {
        test::make_items(task, fd, 0, all - 1);
        const auto end = ::lseek(fd, 0, SEEK_END);
        test::make_items(task, fd, all - 1, all);
        EXPECT_EQ(::ftruncate(fd, ::lseek(fd, 0, SEEK_END) - (::lseek(fd, 0, SEEK_END) - end) / 2),
                  0);
        tell(said());
        break;
      }
      case Mischief::kLie: tell(said()); break;
      case Mischief::kOtherRows:
      case Mischief::kStrayRows: {
        auto other = task;
        for (auto& item : other.items) item.row += 1'000;
        auto finished = test::make_items(other, fd, 0, all);
        if (mischief == Mischief::kStrayRows) finished = test::make_items(task, fd, 0, all);
        tell(finished);
        break;
      }
      case Mischief::kOlder:
        if (older_.report) tell(older_);
        break;
      case Mischief::kUnavailable:
        test::make_items(task, fd, 0, half);
        tell({fail(ErrorCode::kUnavailable, "the broker is away"), nullptr, 0, 0});
        break;
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::mt19937 random_;
  std::deque<std::pair<Micros, std::function<void()>>> events_;
  Finished older_{fail(ErrorCode::kInternal, "none yet"), nullptr, 0, 0};
  bool stopping_ = false;
  std::thread thread_;
};

struct HostileTest : test::RunnerTest {
  HostileTest() {
    options.budget.wall_ms = 5'000;
    options.tasks_at_once = 3;
    options.retry.tries = 1'000;
    options.answers = {60 * kSecond, 20 * kSecond, 1'000, fast_clock};
  }
};

TEST_F(HostileTest, EveryJobIsCompleteAndEachProductThereOnce) {
  std::map<Mischief, int> all;
  for (const unsigned seed : {1U, 2U, 3U}) {
    const auto a = "a" + std::to_string(seed), b = "b" + std::to_string(seed);
    add(a, "ann", 61);
    add(b, "bob", 40);
    Hostile executor(seed);
    start(executor);
    wait_for({a, b});
    runner.reset();
    expect_complete(a, 61);
    expect_complete(b, 40);
    for (const auto& [mischief, times] : executor.done) all[mischief] += times;
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kMischiefs)) << "some was not tried";
}

/// Nobody to answer: the runner leaves all the same.
class Mute : public test::BatchExecutor {
 public:
  using BatchExecutor::run;
  void run(cutout::Task, schedule::CallerSink, schedule::Cancelled,
           std::function<void(Finished)>) override {
    ++asked;
  }
  std::atomic<int> asked = 0;
};

TEST_F(HostileTest, ALostTaskKeepsNobodyFromLeaving) {
  add("a", "ann", 4);
  Mute executor;
  options.answers.grace = 1'000'000 * kSecond;
  start(executor);
  while (executor.asked == 0) std::this_thread::yield();
  runner.reset();
  EXPECT_EQ(store.jobs.at("a").phase, job::Phase::kExecuting);
}

TEST_F(HostileTest, AJobIsGivenUpAfterSoManyTries) {
  add("a", "ann", 1);
  Mute executor;
  options.retry.tries = 3;
  options.retry.first = 1;
  options.answers.grace = 0;
  options.budget.wall_ms = 1;
  start(executor);
  wait_for({"a"});
  runner.reset();
  EXPECT_EQ(executor.asked, 4);
  EXPECT_EQ(store.jobs.at("a").phase, job::Phase::kError);
  EXPECT_THAT(store.jobs.at("a").error->message, testing::HasSubstr("run the job again"));
}

}  // namespace
}  // namespace recorte::batch
