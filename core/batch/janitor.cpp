// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/janitor.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/runner.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kAtOnce = 1'000;
constexpr std::size_t kIdDigits = 2 * kJobIdBytes;

/// Everything of a job but its list, which is part of what was asked.
Status empty_directory(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path() == list_file(directory)) continue;
    std::error_code failed;
    fs::remove_all(entry.path(), failed);
    if (failed)
      return fail(ErrorCode::kUnavailable,
                  "cannot remove " + entry.path().string() + ": " + failed.message());
  }
  fs::remove(directory, error);  // where it is empty
  return {};
}

/// As random_hex() makes them: nothing else in the directory is ours.
bool is_job_id(const std::string& name) {
  return name.size() == kIdDigits &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Micros changed(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mtim.tv_sec * 1'000'000LL : now_micros();
}

}  // namespace

Result<job::Job> archive(job::Store& store, const fs::path& results, const std::string& id,
                         bool hidden) {
  auto job = store.change(id, [&](job::Job& ours) -> Status {
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
  RECORTE_TRY(empty_directory(job_directory(results, id)));
  return job;
}

struct Janitor::State {
  Status sweep();
  Status destroy_due();
  Status keep_bounds();
  Status remove_oldest(std::int64_t bytes, const std::optional<std::string>& owner);
  void remove_strays();
  void go(const std::string& id);

  Options options;
  job::Store& store;
  std::function<void(const std::string&)> gone;
  std::mutex sweeping;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::thread thread;
};

Janitor::Janitor(Options options, job::Store& store,
                 std::function<void(const std::string& id)> gone)
    : state_(new State{std::move(options), store, std::move(gone), {}, {}, {}, false, {}}) {
  state_->thread = std::thread([state = state_.get()] {
    std::unique_lock lock(state->mutex);
    while (!state->stopping) {
      lock.unlock();
      if (auto swept = state->sweep(); !swept)
        log::write(log::Level::kWarn, "old results stay: " + swept.error().message);
      lock.lock();
      state->wake.wait_for(lock, std::chrono::microseconds(state->options.every),
                           [&] { return state->stopping; });
    }
  });
}

Janitor::~Janitor() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

Status Janitor::sweep() { return state_->sweep(); }

Status Janitor::State::sweep() {
  const std::lock_guard lock(sweeping);
  RECORTE_TRY(destroy_due());
  RECORTE_TRY(keep_bounds());
  remove_strays();
  return {};
}

void Janitor::State::go(const std::string& id) {
  gone(id);
  const auto job = archive(store, options.directory, id, false);
  if (!job)
    log::write(log::Level::kWarn, "results stay: " + job.error().message, {{"job_id", id}});
  else
    log::write(log::Level::kInfo, "results are gone", {{"job_id", id}, {"user", job->owner}});
}

Status Janitor::State::destroy_due() {
  const auto due = store.due(now_micros(), kAtOnce);
  if (!due) return fail(due.error());
  for (const auto& job : *due) go(job.id);
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
    go(job->id);
  }
  return {};
}

void Janitor::State::remove_strays() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options.directory, error)) {
    const auto name = entry.path().filename().string();
    if (!is_job_id(name) || now_micros() - changed(entry.path()) < options.stray) continue;
    const auto job = store.find(name);
    if (job || job.error().code != ErrorCode::kNotFound) continue;
    std::error_code failed;
    fs::remove_all(entry.path(), failed);
  }
}

}  // namespace recorte::batch
