// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/claiming.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace recorte::batch {
namespace {

/// Whether somebody works on it, if only another server.
bool has_begun(const job::Queued& job) {
  return job.phase == job::Phase::kExecuting || (!job.server.empty() && !job.free);
}

auto rank(const job::Queued& job) {
  return std::tuple(job.phase != job::Phase::kExecuting, -job.place, job.created);
}

}  // namespace

Claiming::Claiming(std::vector<job::Queued> queue, const std::map<std::string, std::string>& here,
                   const schedule::PolicyOptions& policy, const MayRun& may_run)
    : queue_(std::move(queue)), policy_(policy), may_run_(may_run) {
  for (const auto& [id, owner] : here) ++owners_[owner].here;
  for (const auto& job : queue_) {
    auto& owner = owners_[job.owner];
    const bool is_here = here.count(job.id) > 0;
    if (is_here || has_begun(job)) ++owner.running;
    if (job.free && !is_here) owner.free.push_back(&job);
  }
  for (auto& [name, owner] : owners_)
    std::ranges::sort(owner.free, {}, [](auto* job) { return rank(*job); });
}

/// What has begun goes on; another waits where so many of its owner run.
const job::Queued* Claiming::first_of(const Owner& owner) const {
  for (const auto* job : owner.free)
    if (has_begun(*job) || owner.running < may_run_(*job)) return job;
  return nullptr;
}

const job::Queued* Claiming::next(schedule::FairShare& share, Micros now) {
  auto fewest = std::numeric_limits<std::int64_t>::max();
  std::vector<const job::Queued*> firsts;
  for (const auto& [name, owner] : owners_) {
    const auto* first = first_of(owner);
    if (!first || owner.here > fewest) continue;
    if (owner.here < fewest) firsts.clear();
    fewest = owner.here;
    firsts.push_back(first);
  }
  std::vector<schedule::Line> lines;
  for (const auto* job : firsts)
    lines.push_back(
        {job->owner,
         schedule::class_of(policy_, job->owner, job->groups, job->service, job->priority),
         job->queued});
  const auto at = share.next(lines, now);
  if (!at) return nullptr;
  const auto* job = firsts[*at];
  auto& owner = owners_[job->owner];
  std::erase(owner.free, job);
  ++owner.here;
  if (!has_begun(*job)) ++owner.running;
  return job;
}

const std::string* Claiming::left_out() const {
  for (const auto& [name, owner] : owners_)
    if (owner.here == 0 && first_of(owner)) return &name;
  return nullptr;
}

}  // namespace recorte::batch
