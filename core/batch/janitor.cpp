// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/janitor.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/leftovers.hpp"
#include "core/batch/runner.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kAtOnce = 1'000;
constexpr Micros kMillisecond = 1'000;

using Still = std::function<Status(const job::Job&)>;

/// Not for a moment longer, whatever became of it since it was looked for.
auto stays(const job::Job& job) {
  return fail(ErrorCode::kCancelled, "the results of the job " + job.id + " are to stay");
}

Status still_due(const job::Job& job) {
  if (job.phase == job::Phase::kArchived || job.destruction <= 0 || job.destruction > now_micros())
    return stays(job);
  return {};
}

Status still_ended(const job::Job& job) {
  if (job.phase == job::Phase::kArchived || !job::has_ended(job.phase)) return stays(job);
  return {};
}

}  // namespace

Result<job::Job> archive(job::Store& store, const fs::path& results, const std::string& id,
                         bool hidden, const Still& still) {
  auto job = store.change(id, [&](job::Job& ours) -> Status {
    RECORTE_TRY(still(ours));
    for (const auto move : {job::Move::kAbort, job::Move::kArchive}) {
      if (ours.phase == job::Phase::kArchived) break;
      if (move == job::Move::kAbort && job::has_ended(ours.phase)) continue;
      auto phase = job::moved(ours.phase, move);
      if (!phase) return fail(std::move(phase).error());
      ours.phase = *phase;
    }
    if (ours.ended == 0) ours.ended = now_micros();
    if (hidden) ours.visibility = job::Visibility::kHiddenByUser;
    ours.server.clear();
    return {};
  });
  if (!job) return job;
  RECORTE_TRY(empty_job_directory(job_directory(results, id), !hidden));
  return job;
}

struct Janitor::State {
  State(Options with, job::Store& jobs, std::function<void(const std::string&)> hears)
      : options(std::move(with)),
        store(jobs),
        gone(std::move(hears)),
        leftovers(options.directory, store, options.stray, gone) {
    thread = std::thread([this] { run(); });
  }

  void run();
  Status look();
  Status destroy_due();
  Status keep_bounds();
  Status remove_oldest(std::int64_t bytes, const std::optional<std::string>& owner);
  void go(const std::string& id, const Still& still);

  const Options options;
  job::Store& store;
  const std::function<void(const std::string&)> gone;
  Leftovers leftovers;
  std::mutex sweeping;
  std::int64_t next_records = 0, next_files = 0, next_whole = 0;  ///< of the thread; monotonic_ms()
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false, soon = false;
  std::thread thread;
};

Janitor::Janitor(Options options, job::Store& store,
                 std::function<void(const std::string& id)> gone)
    : state_(std::make_unique<State>(std::move(options), store, std::move(gone))) {}

Janitor::~Janitor() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

void Janitor::look_soon() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->soon = true;
  }
  state_->wake.notify_one();
}

Status Janitor::sweep() {
  const std::lock_guard lock(state_->sweeping);
  RECORTE_TRY(state_->destroy_due());
  RECORTE_TRY(state_->keep_bounds());
  return state_->leftovers.remove(true);
}

void Janitor::State::run() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    soon = false;
    lock.unlock();
    if (auto looked = look(); !looked)
      log::write(log::Level::kWarn, "old results stay: " + looked.error().message);
    lock.lock();
    wake.wait_for(lock, std::chrono::milliseconds(next_records - monotonic_ms()),
                  [&] { return stopping || soon; });
  }
}

/// Jobs that are due; all else when it is time for it.
Status Janitor::State::look() {
  const auto is_time = [](std::int64_t& next, Micros every) {
    if (monotonic_ms() < next) return false;
    next = monotonic_ms() + every / kMillisecond;
    return true;
  };
  const std::lock_guard lock(sweeping);
  const bool records = is_time(next_records, options.every);
  RECORTE_TRY(destroy_due());
  if (!records) return {};
  RECORTE_TRY(keep_bounds());
  if (!is_time(next_files, options.files_every)) return {};
  return leftovers.remove(is_time(next_whole, options.whole_every));
}

void Janitor::State::go(const std::string& id, const Still& still) {
  gone(id);
  const auto job = archive(store, options.directory, id, false, still);
  gone(id);
  if (job)
    log::write(log::Level::kInfo, "results are gone", {{"job_id", id}, {"user", job->owner}});
  else if (job.error().code != ErrorCode::kCancelled)
    log::write(log::Level::kWarn, "results stay: " + job.error().message, {{"job_id", id}});
}

Status Janitor::State::destroy_due() {
  const auto due = store.due(now_micros(), kAtOnce);
  if (!due) return fail(due.error());
  for (const auto& job : *due) go(job.id, still_due);
  return {};
}

Status Janitor::State::keep_bounds() {
  if (options.most_bytes > 0) RECORTE_TRY(remove_oldest(options.most_bytes, {}));
  if (options.most_bytes_of_one <= 0) return {};
  job::Filter filter;
  filter.most = job::Visibility::kHiddenBySystem;
  const auto jobs = store.list(filter);
  if (!jobs) return fail(jobs.error());
  std::map<std::string, std::int64_t> owners;
  for (const auto& job : *jobs) owners[job.owner] += job.tally.bytes;
  for (const auto& [owner, bytes] : owners)
    if (bytes > options.most_bytes_of_one)
      RECORTE_TRY(remove_oldest(options.most_bytes_of_one, owner));
  return {};
}

/// Of jobs that have ended, until no more than that is left.
Status Janitor::State::remove_oldest(std::int64_t bytes, const std::optional<std::string>& owner) {
  const auto usage = store.usage(owner);
  if (!usage) return fail(usage.error());
  auto over = usage->bytes - bytes;
  if (over <= 0) return {};
  job::Filter filter;
  filter.phases = {job::Phase::kCompleted, job::Phase::kError, job::Phase::kAborted};
  filter.owner = owner;
  filter.most = job::Visibility::kHiddenBySystem;
  auto jobs = store.list(filter);
  if (!jobs) return fail(std::move(jobs).error());
  for (auto job = jobs->rbegin(); job != jobs->rend() && over > 0; ++job) {
    over -= job->tally.bytes;
    go(job->id, still_ended);
  }
  return {};
}

}  // namespace recorte::batch
