// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_watch.hpp"

#include "core/base/time.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>
#include <vector>

namespace recorte::service {
namespace {

/// Of those who are told, a few: one that builds a long answer delays no other.
constexpr std::size_t kCrew = 2;

Result<job::Job> at_the_end() {
  return fail(ErrorCode::kUnavailable, "the server is about to end; ask again in a moment");
}

}  // namespace

JobWatch::JobWatch(Find find) : find_(std::move(find)), crew_(kCrew), thread_([this] { run(); }) {}

JobWatch::~JobWatch() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void JobWatch::wait(const std::string& id, std::int64_t version, std::int64_t seconds, Done done) {
  {
    std::unique_lock lock(mutex_);
    if (released_) {
      lock.unlock();
      return done(at_the_end());
    }
    waiters_.emplace(id, Waiter{version, monotonic_ms() + seconds * 1'000, std::move(done)});
    changed_.insert(id);  // it may have been before anybody waited
  }
  wake_.notify_one();
}

void JobWatch::release() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  wake_.notify_one();
}

void JobWatch::told(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    if (!id.empty() && !waiters_.count(id)) return;
    if (id.empty())
      for (const auto& [each, waiter] : waiters_) changed_.insert(each);
    else
      changed_.insert(id);
  }
  wake_.notify_one();
}

void JobWatch::run() {
  for (;;) {
    const auto ids = next();
    if (ids.empty()) return;
    for (const auto& id : ids) look(id);
  }
}

std::set<std::string> JobWatch::next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    auto out = std::exchange(changed_, {});
    const auto now = monotonic_ms();
    auto soonest = std::numeric_limits<std::int64_t>::max();
    for (const auto& [id, waiter] : waiters_) {
      if (released_ || waiter.deadline_ms <= now) out.insert(id);
      soonest = std::min(soonest, waiter.deadline_ms);
    }
    if (!out.empty() || stopping_) return out;
    if (waiters_.empty())
      wake_.wait(lock);
    else
      wake_.wait_for(lock, std::chrono::milliseconds(soonest - now));
  }
}

void JobWatch::look(const std::string& id) {
  auto job = find_(id);
  std::vector<Done> told;
  {
    const std::lock_guard lock(mutex_);
    if (released_) job = at_the_end();
    const auto now = monotonic_ms();
    for (auto [at, end] = waiters_.equal_range(id); at != end;) {
      auto& waiter = at->second;
      if (!job || job->version != waiter.version || waiter.deadline_ms <= now) {
        told.push_back(std::move(waiter.done));
        at = waiters_.erase(at);
      } else {
        ++at;
      }
    }
  }
  for (auto& done : told) crew_.post([done = std::move(done), job] { done(job); });
}

}  // namespace recorte::service
