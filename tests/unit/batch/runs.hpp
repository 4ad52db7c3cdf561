/// What tests of the runner share: jobs in a store in memory whose plans are on disk, a runner over
/// an executor of the test's, and workers that write what they are asked for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/places.hpp"
#include "core/batch/runner.hpp"
#include "memory_store.hpp"
#include "plans.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace recorte::batch::test {

/// An executor for batches only, which leaves it to a test what becomes of a task.
class BatchExecutor : public schedule::Executor {
 public:
  void run(cutout::Task, std::int64_t, schedule::Cancelled,
           std::function<void(schedule::Finished)>) override {}
  void cover(cutout::Task, schedule::Cancelled, std::function<void(Result<std::string>)>) override {
  }
  void describe(std::string, std::function<void(Result<nlohmann::json>)>) override {}
  void locate(cutout::Task, schedule::Cancelled,
              std::function<void(Result<nlohmann::json>)>) override {}
  std::size_t waiting() const override { return 0; }
  std::size_t working() const override { return 0; }
  std::uint64_t finished() const override { return 0; }
  std::uint64_t refused() const override { return 0; }
  std::size_t workers() const override { return 1; }
  std::size_t deaths() const override { return 0; }
};

inline std::string content_of(std::uint64_t row) { return "product " + std::to_string(row); }

/// Makes the items from `first` to before `end` as a worker does; the report is of these.
inline schedule::Finished make_items(const cutout::Task& task, int sink, std::size_t first,
                                     std::size_t end, double seconds = 0.25) {
  schedule::Finished out;
  out.report = cutout::TaskReport();
  for (auto i = first; i < std::min(end, task.items.size()); ++i) {
    auto outcome = made(task.items[i].row);
    outcome.seconds = seconds;
    if (auto good = write_item(sink, outcome, content_of(outcome.row)); !good)
      out.report = fail(good.error());
    else
      out.report->outcomes.push_back(outcome);
  }
  return out;
}

/// Lets a test change it while a runner has it: on the runner's thread, when that looks for jobs.
class LiveStore : public MemoryStore {
 public:
  Result<std::vector<job::Queued>> queue(const std::string& server, std::int64_t most) override {
    std::function<void()> edit;
    {
      const std::lock_guard lock(mutex_);
      edit = std::exchange(edit_, nullptr);
    }
    if (edit) edit();
    auto out = MemoryStore::queue(server, most);
    ++looked;
    return out;
  }
  Result<std::optional<job::Job>> claim(std::string_view id, const std::string& server,
                                        Micros lease, std::int64_t most_running) override {
    ++claimed;
    return MemoryStore::claim(id, server, lease, most_running);
  }
  void next_time(std::function<void()> edit) {
    const std::lock_guard lock(mutex_);
    edit_ = std::move(edit);
  }
  std::atomic<int> looked = 0, claimed = 0;

 private:
  std::mutex mutex_;
  std::function<void()> edit_;
};

struct RunnerTest : testing::Test {
  RunnerTest() {
    options.directory = directory.path();
    options.server = "here";
    options.products_per_task = 4;
    options.retry.first = 1'000;
    options.retry.longest = 4'000;
    options.ended = [this](const job::Job& job) {
      const std::lock_guard lock(mutex);
      ended.insert(job.id);
      came.notify_all();
    };
  }

  /// QUEUED, with so many products, of these surveys in turn.
  job::Job& add(const std::string& id, const std::string& owner, int products,
                const std::vector<std::string>& surveys = {"demo"}) {
    std::filesystem::create_directories(directory.path() / id);
    std::string list = "id,survey,ra,dec\n";
    for (int i = 0; i < products; ++i)
      list += std::to_string(i) + "," + surveys[static_cast<std::size_t>(i) % surveys.size()] +
              "," + std::to_string(10 + i) + ",20\n";
    EXPECT_TRUE(
        expand({*variants_of(kStamps), {}}, list, "list", {}, plan_file(directory.path() / id)));
    auto& job = store.jobs[id];
    job.id = id;
    job.owner = owner;
    job.phase = job::Phase::kQueued;
    job.created = job.queued = ++last_created;
    return job;
  }
  void start(schedule::Executor& executor) {
    runner = std::make_unique<Runner>(options, store, executor, [](const auto&, auto done) {
      done(fail(ErrorCode::kInternal, "every job of the test has a plan"));
    });
  }
  /// Changes the store, and returns once the runner has seen it.
  void change(std::function<void()> edit) {
    store.next_time(std::move(edit));
    const int before = store.looked;
    while (store.looked < before + 2) {
      runner->told("");
      std::this_thread::yield();
    }
  }
  /// Until these have ended, or there is no hope.
  void wait_for(const std::set<std::string>& ids) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(came.wait_for(lock, std::chrono::seconds(120), [&] {
      return std::ranges::includes(ended, ids);
    })) << "a job does not end";
  }
  /// COMPLETED, with every product once, as it should be.
  void expect_complete(const std::string& id, int products) {
    const auto& job = store.jobs.at(id);
    EXPECT_EQ(job::name_of(job.phase), "COMPLETED") << (job.error ? job.error->message : "");
    EXPECT_EQ(job.tally.ok, products);
    EXPECT_EQ(job.tally.products(), products);
    std::multiset<std::uint64_t> seen;
    for (const auto& [number, task] : store.tasks_of[id]) {
      EXPECT_TRUE(task.done);
      const auto pack = Pack::open(directory.path() / id, number);
      ASSERT_TRUE(pack) << pack.error().message;
      EXPECT_TRUE((*pack)->check());
      for (std::size_t i = 0; i < (*pack)->size(); ++i) {
        const auto product = (*pack)->slot(i).product;
        seen.insert(product);
        EXPECT_EQ(product_of(**pack, i), content_of(product));
      }
    }
    std::multiset<std::uint64_t> all;
    for (int i = 0; i < products; ++i) all.insert(static_cast<std::uint64_t>(i));
    EXPECT_EQ(seen, all);
  }

  const TemporaryDirectory directory;
  LiveStore store;  ///< the runner's, while there is one
  Runner::Options options;
  std::mutex mutex;
  std::condition_variable came;
  std::set<std::string> ended;
  Micros last_created = 0;
  std::unique_ptr<Runner> runner;  ///< the last: it uses all of the above
};

}  // namespace recorte::batch::test
