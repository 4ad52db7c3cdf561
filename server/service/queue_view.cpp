// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/queue_view.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

namespace recorte::service {
namespace {

/// A queue that is known to have changed is looked at so often.
constexpr std::chrono::milliseconds kSoon{100};

Micros after(Micros now, double seconds) {
  constexpr double kSecond = 1e6;
  return now + static_cast<Micros>(std::llround(seconds * kSecond));
}

bool in_queue(job::Phase phase) {
  return phase == job::Phase::kQueued || phase == job::Phase::kExecuting;
}

}  // namespace

QueueView::QueueView(Options options, job::Store& store)
    : options_(std::move(options)), store_(store) {}

/// With `mutex_` held.
Status QueueView::look() {
  const auto now = Clock::now();
  const auto time = now_micros();
  if (looked_ && now - *looked_ < (stale_ ? kSoon : options_.fresh)) return {};
  auto queue = store_.queue(options_.server, kPerOwner);
  if (!queue) return fail(std::move(queue).error());
  std::ranges::stable_sort(*queue, {}, [](const job::Queued& each) {
    return std::tuple(each.phase != job::Phase::kExecuting, -each.place, each.created);
  });
  jobs_.clear();
  for (const auto& each : *queue) {
    const auto left = options_.left(each);
    jobs_.push_back(
        {each.owner,
         schedule::class_of(options_.policy, each.owner, each.groups, each.service, each.priority),
         each.phase == job::Phase::kExecuting, left.work_s, left.fixed_s});
  }
  const auto forecasts = schedule::forecast(jobs_, options_.policy, options_.hands);
  places_.clear();
  for (std::size_t i = 0; i < forecasts.size(); ++i)
    places_[(*queue)[i].id] = {static_cast<std::int64_t>(forecasts[i].ahead),
                               after(time, forecasts[i].start_s), after(time, forecasts[i].end_s)};
  looked_ = now;
  seen_ = time;
  stale_ = false;
  return {};
}

std::optional<QueuePlace> QueueView::of(const job::Job& job) {
  if (!in_queue(job.phase)) return {};
  const std::lock_guard lock(mutex_);
  const bool may_be_new = stale_ || job.created > seen_;
  if (may_be_new && !places_.contains(job.id)) looked_.reset();
  if (const auto looked = look(); !looked) {
    log::write(log::Level::kWarn, "the queue cannot be foreseen: " + looked.error().message);
    return {};
  }
  const auto at = places_.find(job.id);
  if (at == places_.end()) return {};
  auto place = at->second;
  if (job.phase == job::Phase::kExecuting) {
    place.ahead = 0;
    place.start = job.started;
  }
  return place;
}

schedule::Forecast QueueView::of_new(const schedule::Expected& job) {
  const std::lock_guard lock(mutex_);
  if (const auto looked = look(); !looked) jobs_.clear();  // as if nobody waited
  auto with = jobs_;
  with.push_back(job);
  return schedule::forecast(with, options_.policy, options_.hands).back();
}

void QueueView::changed() {
  const std::lock_guard lock(mutex_);
  stale_ = true;
}

}  // namespace recorte::service
