// SPDX-License-Identifier: BSD-3-Clause
//
// Two servers that share a store, workers that are lost, slow, wrong or answer twice, owners who
// hold and abort their jobs and let them go on, a server that stops and comes back: each product is
// made once, by one at a time, and each job ends once.
#include "runs.hpp"
#include "shared_memory_store.hpp"
#include "tests/unit/random.hpp"

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace recorte::batch {
namespace {

using recorte::test::Random;
using schedule::Finished;

constexpr int kPlaces = 3;     // tasks at once, of a server
constexpr int kJobsOfOne = 2;  // that run at once
constexpr int kCostly = 11;    // of so many products one costs every worker that tries it

bool costs_its_worker(std::uint64_t row) { return row % kCostly == kCostly - 1; }

/// What is at work, wherever.
class Bench {
 public:
  void begin(const cutout::Task& task) {
    const std::lock_guard lock(mutex_);
    for (const auto& item : task.items)
      if (!at_work_.emplace(job_of(task), item.row).second)
        ADD_FAILURE() << job_of(task) << " has its product " << item.row << " made twice at once";
  }
  void end(const cutout::Task& task) {
    const std::lock_guard lock(mutex_);
    for (const auto& item : task.items) at_work_.erase({job_of(task), item.row});
    ++ended_;
    came_.notify_all();
  }
  /// Until so many more have ended, or nothing happens.
  void wait_for(int more) {
    std::unique_lock lock(mutex_);
    const auto until = ended_ + more;
    came_.wait_for(lock, std::chrono::milliseconds(10), [&] { return ended_ >= until; });
  }

 private:
  static std::string job_of(const cutout::Task& task) {
    return task.id.substr(0, task.id.find('/'));
  }
  std::mutex mutex_;
  std::condition_variable came_;
  std::set<std::pair<std::string, std::uint64_t>> at_work_;
  int ended_ = 0;
};

/// Workers of one server, on whom nobody can rely.
class Unsteady : public test::BatchExecutor {
 public:
  Unsteady(Bench& bench, std::uint64_t seed) : bench_(bench), random_(seed) {
    for (auto& thread : threads_) thread = std::thread([this] { serve(); });
  }
  ~Unsteady() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  using BatchExecutor::run;
  void run(cutout::Task task, schedule::CallerSink sink, schedule::Cancelled cancelled,
           std::function<void(Finished)> done) override {
    const std::lock_guard lock(mutex_);
    EXPECT_LE(++given_, kPlaces) << "more tasks than there are places";
    bench_.begin(task);
    waiting_.push_back({std::move(task), std::move(sink), std::move(cancelled), std::move(done)});
    wake_.notify_one();
  }

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
      wake_.wait(lock, [this] { return over_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      const auto luck = random_.below(20);
      const auto some = static_cast<std::size_t>(1 + random_.below(4));
      lock.unlock();
      const auto finished = make(next, luck, some);
      next.sink = {};
      bench_.end(next.task);
      lock.lock();
      --given_;
      lock.unlock();
      next.done(finished);
      if (luck == 4) next.done(finished);
      lock.lock();
    }
  }

  static Finished failed(ErrorCode code, const std::string& message) {
    return {fail(code, message), nullptr, 0, 0};
  }
  static Finished make(const Waiting& next, int luck, std::size_t some) {
    const auto& items = next.task.items;
    if (*next.cancelled) return failed(ErrorCode::kCancelled, "cancelled");
    if (luck == 0) return failed(ErrorCode::kUnavailable, "there is no worker");
    const auto costly = static_cast<std::size_t>(
        std::ranges::find_if(items, costs_its_worker, &cutout::TaskItem::row) - items.begin());
    const auto most = luck < 6 ? std::min(some, items.size()) : items.size();
    auto out = test::make_items(next.task, next.sink.file->get(), 0, std::min(most, costly));
    if (costly < most) return failed(ErrorCode::kPlugin, "the worker crashed");
    if (luck == 1) return failed(ErrorCode::kUnavailable, "the worker's machine is gone");
    if (luck == 2 && out.report) out.report->outcomes.pop_back();
    return out;
  }

  Bench& bench_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  Random random_;
  int given_ = 0;
  bool over_ = false;
  std::array<std::thread, kPlaces> threads_;
};

class Servers {
 public:
  explicit Servers(Random& random) : random_(random) {
    store_.check = [this] { check(); };
    const std::lock_guard lock(store_.mutex);
    for (int i = 0; i < 6; ++i) add("job" + std::to_string(i), random_.within(1, 60));
  }

  void start(std::size_t which) {
    auto& server = servers_[which];
    server.executor = std::make_unique<Unsteady>(bench_, random_.bits());
    Runner::Options options;
    options.directory = directory_.path();
    options.server = "server" + std::to_string(which);
    options.tasks_at_once = kPlaces;
    options.products_per_task = 7;
    options.retry = {1'000, 200, 2'000, 2};
    options.may_run = [](const auto&) { return kJobsOfOne; };
    options.ended = [this](const job::Job& job) {
      const std::lock_guard lock(mutex_);
      ++ends_[job.id];
      came_.notify_all();
    };
    server.runner =
        std::make_unique<Runner>(options, store_, *server.executor, [](const auto&, auto done) {
          done(fail(ErrorCode::kInternal, "every job of the test has a plan"));
        });
  }
  void stop(std::size_t which) {
    servers_[which].runner.reset();
    servers_[which].executor.reset();
  }
  void disturb() {
    bench_.wait_for(random_.within(1, 6));
    if (random_.one_in(6)) {
      const auto which = static_cast<std::size_t>(random_.below(2));
      stop(which);
      return start(which);
    }
    const auto id = "job" + std::to_string(random_.below(6));
    move(id, random_.one_in(2) ? job::Move::kHold : job::Move::kAbort);
    bench_.wait_for(random_.within(0, 2));
    move(id, job::Move::kRun);
  }
  void expect_all_complete() {
    for (const auto& [id, products] : products_) move(id, job::Move::kRun);
    {
      std::unique_lock lock(mutex_);
      EXPECT_TRUE(came_.wait_for(lock, std::chrono::seconds(60), [this] {
        return ends_.size() == products_.size();
      })) << "a job does not end";
    }
    stop(0);
    stop(1);
    for (const auto& [id, products] : products_) expect_complete(id, products);
  }

 private:
  struct Server {
    std::unique_ptr<Unsteady> executor;
    std::unique_ptr<Runner> runner;
  };

  void add(const std::string& id, int products) {
    std::filesystem::create_directories(directory_.path() / id);
    std::string list = "id,survey,ra,dec\n";
    for (int i = 0; i < products; ++i)
      list += std::to_string(i) + ",demo," + std::to_string(10 + i) + ",20\n";
    ASSERT_TRUE(
        expand({*variants_of(kStamps), {}}, list, "list", {}, plan_file(directory_.path() / id)));
    auto& job = store_.jobs[id];
    job.id = id;
    job.owner = products % 2 == 0 ? "ann" : "bob";
    job.phase = job::Phase::kQueued;
    job.created = job.queued = static_cast<Micros>(store_.jobs.size());
    products_[id] = products;
  }
  /// As its owner does it.
  void move(const std::string& id, job::Move by) {
    const auto changed = store_.change(id, [&](job::Job& job) -> Status {
      const auto phase = job::moved(job.phase, by);
      if (!phase) return fail(phase.error());
      job.phase = *phase;
      if (by == job::Move::kRun) job.server.clear();
      return {};
    });
    if (!changed) return;
    for (auto& server : servers_)
      if (server.runner) server.runner->told(id);
  }
  /// With the store's mutex.
  void check() const {
    std::map<std::string, int> running;
    for (const auto& [id, job] : store_.jobs) {
      running[job.owner] += job.phase == job::Phase::kExecuting ? 1 : 0;
      EXPECT_NE(job.phase, job::Phase::kError) << (job.error ? job.error->message : "");
    }
    for (const auto& [owner, count] : running)
      EXPECT_LE(count, kJobsOfOne) << owner << " has too many that run";
  }
  void expect_complete(const std::string& id, int products) {
    const auto& job = store_.jobs.at(id);
    int costly = 0;
    for (int i = 0; i < products; ++i) costly += costs_its_worker(static_cast<std::uint64_t>(i));
    EXPECT_EQ(job::name_of(job.phase), "COMPLETED") << id;
    EXPECT_EQ(job.tally.ok, products - costly) << id;
    EXPECT_EQ(job.tally.failed, costly) << id;
    EXPECT_EQ(ends_[id], 1) << id << " ends once";
    std::map<std::uint64_t, int> made;
    for (const auto& [number, task] : store_.tasks_of[id]) {
      EXPECT_TRUE(task.done) << id;
      const auto pack = Pack::open(directory_.path() / id, number);
      ASSERT_TRUE(pack) << pack.error().message;
      for (std::size_t i = 0; i < (*pack)->size(); ++i) {
        const auto slot = (*pack)->slot(i);
        if (slot.status == ItemStatus::kFailed) continue;
        ++made[slot.product];
        EXPECT_EQ(test::product_of(**pack, i), test::content_of(slot.product));
      }
    }
    EXPECT_EQ(static_cast<int>(made.size()), products - costly) << id;
    for (const auto& [product, times] : made) EXPECT_EQ(times, 1) << id << " product " << product;
  }

  Random& random_;
  const TemporaryDirectory directory_;
  test::SharedMemoryStore store_;
  Bench bench_;
  std::map<std::string, int> products_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::string, int> ends_;
  std::array<Server, 2> servers_;
};

TEST(RunnerAtRandom, MakesEachProductOnceWhateverHappens) {
  recorte::test::for_rounds(5, [](Random& random) {
    Servers servers(random);
    servers.start(0);
    servers.start(1);
    for (int i = 0; i < 25; ++i) servers.disturb();
    servers.expect_all_complete();
  });
}

}  // namespace
}  // namespace recorte::batch
