// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/local_executor.hpp"

#include "core/base/time.hpp"
#include "core/schedule/local_job.hpp"
#include "core/schedule/waiting.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::schedule {
namespace {

/// How often one that waits for memory looks for it.
constexpr std::chrono::milliseconds kLook{20};

/// `seconds`: that all who wait take.
Error full(std::size_t waiting, std::int64_t seconds) {
  return turned_away(std::to_string(waiting) + " requests are waiting", seconds);
}

std::filesystem::path temporary_directory() {
  std::error_code error;
  const auto path = std::filesystem::temp_directory_path(error);
  return error ? "/tmp" : path;
}

}  // namespace

struct LocalExecutor::Implementation {
  explicit Implementation(Options given) : options(std::move(given)), pool(options.pool) {
    options.pool.terms = {};  // of the pool alone, since they change
    if (options.spill.empty()) options.spill = temporary_directory();
    sinks.emplace(options.spill);
    if (options.warm) started = pool.warm();
    const auto count = std::max<std::size_t>(1, options.pool.workers);
    permits = count;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { serve(); });
  }

  void stop() {
    std::array<std::deque<std::unique_ptr<Job>>, 2> left;
    {
      const std::lock_guard lock(mutex);
      stopping = true;
      left.swap(lanes);
      waiting = 0;
      leave_seat();
    }
    more.notify_all();
    for (auto& lane : left)
      for (auto& job : lane) turn_away(*job, stopping_error());
    for (auto& thread : threads) thread.join();
  }

  void turn_away(Job& job, Error why) {
    ++refused;
    give_back(job);
    job.refuse(std::move(why));
    job.tell();
  }

  /// Where nobody waits and a worker is free, the worker begins before any thread of ours has
  /// woken.
  bool begin(std::unique_ptr<Job>& job) {
    {
      const std::lock_guard lock(mutex);
      if (stopping || waiting > 0 || permits == 0 || !take_seat()) return false;
      --permits;
    }
    job->seated = true;
    const bool began = !job->cancelled() && has_room(*job) && job->begin(pool);
    if (!began) give_back(*job);
    {
      const std::lock_guard lock(mutex);
      if (began)
        begun.push_back(std::move(job));
      else
        ++permits;
    }
    more.notify_one();
    return began;
  }

  void add(std::unique_ptr<Job> job, cutout::Lane wanted) {
    if (wanted == cutout::Lane::kRealTime && begin(job)) return;
    std::unique_lock lock(mutex);
    auto& lane = lanes[static_cast<std::size_t>(wanted)];
    const bool room = lane.size() < options.waiting;
    if (!stopping && room) {
      lane.push_back(std::move(job));
      ++waiting;
      lock.unlock();
      more.notify_one();
      return;
    }
    const auto why =
        stopping ? stopping_error()
                 : full(lane.size(), queue_seconds(lane.size(), service.mean(), threads.size()));
    lock.unlock();
    turn_away(*job, why);
  }

  bool has_room(Job& job) const {
    return !options.room || options.room->take(job.ticket, steady_micros());
  }

  /// Of the seats that others want too, one for the next call. `mutex` is held.
  bool take_seat() {
    if (!options.seats) return true;
    if (!options.seats->take(seat, steady_micros())) return false;
    seat = {1, true};  // what was taken is the call's
    return true;
  }
  void give_seat_back() const {
    if (!options.seats) return;
    Room::Ticket taken{1, true, true};
    options.seats->give_back(taken);
  }
  /// Nobody here waits for one any more. `mutex` is held.
  void leave_seat() {
    if (options.seats && seat.since != 0) options.seats->give_back(seat);
  }
  /// What it has of what is shared.
  void give_back(Job& job) const {
    if (options.room) options.room->give_back(job.ticket);
    if (std::exchange(job.seated, false)) give_seat_back();
  }

  /// The first of those that wait, real-time ones before, whose memory is there.
  std::unique_ptr<Job> pick() {
    const bool seated = take_seat();
    for (auto& lane : lanes) {
      const auto at = std::ranges::find_if(lane, [this, seated](auto& job) {
        return job->cancelled() || (seated && has_room(*job));
      });
      if (at == lane.end()) continue;
      auto job = std::move(*at);
      lane.erase(at);
      job->seated = seated;
      --permits;
      --waiting;
      return job;
    }
    if (seated) give_seat_back();
    return nullptr;
  }

  /// The next job, those that a worker has first; null when the executor goes.
  std::unique_ptr<Job> next() {
    std::unique_lock lock(mutex);
    for (;;) {
      if (!begun.empty()) {
        auto job = std::move(begun.front());
        begun.pop_front();
        ++working;
        return job;
      }
      if (stopping) return nullptr;
      if (waiting == 0) leave_seat();
      const bool some = permits > 0 && waiting > 0;
      if (auto job = some ? pick() : nullptr) {
        ++working;
        return job;
      }
      if (some)
        more.wait_for(lock, kLook);  // for memory or a seat, which another executor may give back
      else
        more.wait(lock);
    }
  }

  void serve() {
    while (auto job = next()) {
      const auto began = Job::Clock::now();
      try {
        if (job->cancelled() && !job->begun())
          job->refuse({ErrorCode::kCancelled, "cancelled"});
        else
          job->work(pool);
        service.add(std::chrono::duration<double>(Job::Clock::now() - began).count());
      } catch (const std::exception& e) {
        job->refuse({ErrorCode::kInternal, std::string("a bug in Recorte: ") + e.what()});
      }
      give_back(*job);
      {
        const std::lock_guard lock(mutex);
        ++permits;  // for whoever waits: this thread looks for them next, no other need be woken
      }
      --working;
      ++finished;
      job->tell();
    }
  }

  Options options;
  worker::Pool pool;
  std::optional<Sinks> sinks;
  Status started;

  std::mutex mutex;
  std::condition_variable more;
  std::array<std::deque<std::unique_ptr<Job>>, 2> lanes;  ///< by cutout::Lane
  std::deque<std::unique_ptr<Job>> begun;                 ///< that a worker has already
  /// Workers that no job has: whoever takes one finds it free, and a thread of ours will wait for
  /// it.
  std::size_t permits = 0;
  Room::Ticket seat{1, true};  ///< that is waited for
  bool stopping = false;

  ServiceTime service;
  std::atomic<std::size_t> waiting = 0, working = 0;
  std::atomic<std::uint64_t> finished = 0, refused = 0;
  std::vector<std::thread> threads;
};

LocalExecutor::LocalExecutor(Options options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {}
LocalExecutor::~LocalExecutor() { implementation_->stop(); }

Status LocalExecutor::warm() { return implementation_->pool.warm(); }

Result<worker::Pool::Ready> LocalExecutor::prepare(const worker::Terms& terms) {
  return implementation_->pool.prepare(terms);
}

std::vector<worker::Pool::Retired> LocalExecutor::renew(worker::Terms terms) {
  return implementation_->pool.renew(std::move(terms));
}

const Status& LocalExecutor::started() const { return implementation_->started; }

void LocalExecutor::run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
                        std::function<void(Finished)> done) {
  const auto& options = implementation_->options;
  const bool large = estimated_bytes < 0 || estimated_bytes > options.in_memory;
  const auto lane = task.lane;
  implementation_->add(std::make_unique<TaskJob>(std::move(task), *implementation_->sinks, large,
                                                 std::move(cancelled), std::move(done)),
                       lane);
}

void LocalExecutor::run(cutout::Task task, CallerSink sink, Cancelled cancelled,
                        std::function<void(Finished)> done) {
  const auto lane = task.lane;
  implementation_->add(std::make_unique<SinkJob>(std::move(task), std::move(sink),
                                                 std::move(cancelled), std::move(done)),
                       lane);
}

void LocalExecutor::describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) {
  auto ask = [survey = std::move(survey)](worker::Pool& pool, const std::atomic<bool>*) {
    return pool.describe(survey);
  };
  implementation_->add(
      std::make_unique<Question<nlohmann::json>>(std::move(ask), nullptr, std::move(done)),
      cutout::Lane::kRealTime);
}

void LocalExecutor::locate(cutout::Task task, Cancelled cancelled,
                           std::function<void(Result<nlohmann::json>)> done) {
  auto ask = [task = std::move(task)](worker::Pool& pool, const std::atomic<bool>* flag) {
    return pool.locate(task, flag);
  };
  implementation_->add(std::make_unique<Question<nlohmann::json>>(
                           std::move(ask), std::move(cancelled), std::move(done)),
                       cutout::Lane::kRealTime);
}

void LocalExecutor::cover(cutout::Task task, Cancelled cancelled,
                          std::function<void(Result<std::string>)> done) {
  const auto lane = task.lane;
  auto ask = [task = std::move(task)](worker::Pool& pool, const std::atomic<bool>* flag) {
    return pool.cover(task, flag);
  };
  implementation_->add(std::make_unique<Question<std::string>>(std::move(ask), std::move(cancelled),
                                                               std::move(done)),
                       lane);
}

std::size_t LocalExecutor::waiting() const { return implementation_->waiting; }
std::size_t LocalExecutor::working() const { return implementation_->working; }
std::uint64_t LocalExecutor::finished() const { return implementation_->finished; }
std::uint64_t LocalExecutor::refused() const { return implementation_->refused; }
std::size_t LocalExecutor::workers() const { return implementation_->pool.alive(); }
std::size_t LocalExecutor::deaths() const { return implementation_->pool.deaths(); }

}  // namespace recorte::schedule
