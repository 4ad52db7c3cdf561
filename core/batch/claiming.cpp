// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/claiming.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace recorte::batch {
namespace {

/// Whether somebody works on it, if only another server.
bool has_begun(const job::Queued& job) {
  return job.phase == job::Phase::kExecuting || (!job.server.empty() && !job.free);
}

/// To idle servers, for a moment. One of a later time was queued before the clock was set.
bool is_left(const job::Queued& job, Micros now) {
  return job.queued <= now && now < job.queued + Claiming::kCourtesy;
}

auto rank(const job::Queued& job) {
  return std::tuple(job.phase != job::Phase::kExecuting, -job.place, job.created);
}

}  // namespace

Claiming::Claiming(std::vector<job::Queued> queue, const std::map<std::string, Here>& here,
                   const schedule::PolicyOptions& policy, const MayRun& may_run)
    : queue_(std::move(queue)), may_run_(may_run) {
  for (const auto& [id, job] : here) take(lines_[{job.in, job.owner}], job.place);
  for (const auto& job : queue_) {
    const bool is_here = here.count(job.id) > 0;
    if (is_here || has_begun(job)) ++running_[job.owner];
    if (!job.free || is_here) continue;
    const auto in = schedule::class_of(policy, job.owner, job.groups, job.service, job.priority);
    lines_[{in, job.owner}].free.push_back(&job);
  }
  for (auto& [key, line] : lines_)
    std::ranges::sort(line.free, {}, [](auto* job) { return rank(*job); });
}

void Claiming::take(Line& line, std::int64_t place) {
  ++line.here;
  line.place = std::max(line.place.value_or(place), place);
}

/// What has begun goes on; another waits where so many of its owner run.
const job::Queued* Claiming::first_of(const Line& line) const {
  for (const auto* job : line.free) {
    const auto running = running_.find(job->owner);
    if (has_begun(*job) || running == running_.end() || running->second < may_run_(*job))
      return job;
  }
  return nullptr;
}

const job::Queued* Claiming::next(schedule::FairShare& share, Micros now, bool busy) {
  struct First {
    const job::Queued* job;
    Line* line;
  };
  auto fewest = std::numeric_limits<std::int64_t>::max();
  std::vector<First> firsts;
  std::vector<schedule::Line> turns;
  for (auto& [key, line] : lines_) {
    const auto* first = first_of(line);
    if (!first || (busy && (!lacks(line, *first) || is_left(*first, now)))) continue;
    const auto here = lacks(line, *first) ? 0 : line.here;
    if (here > fewest) continue;
    if (here < fewest) {
      firsts.clear();
      turns.clear();
    }
    fewest = here;
    firsts.push_back({first, &line});
    turns.push_back({key.second, key.first, first->queued});
  }
  const auto at = share.next(turns, now);
  if (!at) return nullptr;
  const auto [job, line] = firsts[*at];
  std::erase(line->free, job);
  take(*line, job->place);
  if (!has_begun(*job)) ++running_[job->owner];
  return job;
}

std::optional<Micros> Claiming::due() const {
  std::optional<Micros> out;
  for (const auto& [key, line] : lines_) {
    const auto* first = first_of(line);
    if (!first || !lacks(line, *first)) continue;
    const auto when = first->queued + kCourtesy;
    out = std::min(out.value_or(when), when);
  }
  return out;
}

}  // namespace recorte::batch
