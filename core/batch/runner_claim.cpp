// SPDX-License-Identifier: BSD-3-Clause
//
// Which jobs a server works on, and for how long.
#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/claiming.hpp"
#include "core/batch/marks.hpp"
#include "core/batch/runner_state.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace recorte::batch {

/// Each look at the queue reads all of it.
void Runner::State::claim_soon() {
  constexpr Micros kPause = 50'000;
  next_claim = std::min(next_claim, last_claim + kPause);
}

void Runner::State::claim() {
  const auto now = steady_micros();
  if (now < next_claim) return;
  last_claim = now;
  next_claim = now + options.lease / 10;
  auto queue = store.queue(options.server, options.jobs_of_one);
  if (!queue) return log::write(log::Level::kError, "jobs wait: " + queue.error().message);
  if (draining)  // what it has begun it ends
    std::erase_if(*queue, [this](const job::Queued& job) {
      return job.server != options.server || job.phase != job::Phase::kExecuting;
    });
  recall(*queue);
  std::map<std::string, Here> here;
  for (const auto& [id, each] : active)
    here.emplace(id, Here{each->job.owner, each->in, each->job.place});
  Claiming claiming(std::move(*queue), here, options.policy, options.may_run);
  const auto has_room = [this] {
    return static_cast<std::int64_t>(active.size()) < options.jobs_at_once;
  };
  while (has_room()) {
    const auto* next = claiming.next(claims, now_micros(), is_busy());
    if (!next) break;
    auto job = store.claim(next->id, options.server, options.lease, options.may_run(*next));
    if (!job) return log::write(log::Level::kError, "jobs wait: " + job.error().message);
    if (*job) take(std::move(**job), now);
  }
  if (const auto due = claiming.due(); due && has_room())
    next_claim = std::min(next_claim, now + std::max(*due - now_micros(), Claiming::kCourtesy));
}

/// Whether there are, or will be in a moment, tasks for every place.
bool Runner::State::is_busy() const {
  const auto now = steady_micros();
  auto tasks = in_flight;
  for (const auto& [id, each] : active) {
    if (each->ending || each->not_before > now) continue;
    if (each->step == Step::kTasks) tasks += static_cast<std::int64_t>(each->pending.size());
    if (each->step < Step::kTasks)
      tasks += each->job.products > 0 ? 1 + each->job.products / options.products_per_task
                                      : options.tasks_at_once;
  }
  return tasks >= options.tasks_at_once;
}

/// With the rights that its owner has by now.
void Runner::State::take(job::Job job, Micros now) {
  auto groups = options.groups(job);
  if (groups && *groups == job.groups) return add(std::move(job), now);
  auto changed = groups ? mark_groups(store, job.id, *groups) : fail(groups.error());
  if (changed) return add(std::move(*changed), now);
  // It stays ours for a while, and is taken again, unless it is held.
  log::write(log::Level::kWarn, "a job waits: " + changed.error().message, {{"job_id", job.id}});
  if (groups || groups.error().code != ErrorCode::kForbidden) return;
  if (const auto held = mark_held(store, job.id, groups.error()); !held)
    log::write(log::Level::kWarn, held.error().message, {{"job_id", job.id}});
}

void Runner::State::add(job::Job job, Micros now) {
  auto added = std::make_unique<Active>();
  added->in = schedule::class_of(options.policy, job.owner, job.groups, job.service, job.priority);
  added->job = std::move(job);
  added->since = now;
  active[added->job.id] = std::move(added);
}

/// What they used before this server was there, or on others.
void Runner::State::recall(const std::vector<job::Queued>& queue) {
  const bool all_known =
      std::ranges::all_of(queue, [this](const auto& job) { return known.count(job.owner) > 0; });
  if (all_known) return;
  const auto used = store.shares();
  if (!used) return;  // the next time, perhaps: it is no reason to wait
  for (const auto& job : queue) {
    if (!known.insert(job.owner).second) continue;
    const auto at = used->find(job.owner);
    if (at == used->end()) continue;
    share.recall(job.owner, at->second, steady_micros());
    claims.recall(job.owner, at->second, now_micros());
  }
}

/// Whether it is still ours to work on.
void Runner::State::look_at(const std::string& id) {
  auto* each = find(id);
  if (!each || each->ending) return;
  const auto job = store.find(id);
  if (!job && job.error().code != ErrorCode::kNotFound) return;
  if (job && !job::has_ended(job->phase) && job->phase != job::Phase::kHeld &&
      job->server == options.server) {
    each->job = *job;
    each->in =
        schedule::class_of(options.policy, job->owner, job->groups, job->service, job->priority);
    return;
  }
  let_go(*each);
}

void Runner::State::let_go(Active& each) {
  each.ending = true;
  *each.cancelled = true;
}

/// One that has had its time ends once what is under way is kept, whatever its owner says by then.
void Runner::State::look_at_times() {
  const auto now = now_micros();
  for (const auto& [id, each] : active) {
    if (each->ending) continue;
    each->overrun = each->overrun || has_overrun(each->job, now);
    if (!each->overrun) continue;
    *each->cancelled = true;
    if (each->in_flight > 0 || !record(*each)) continue;
    const auto changed = mark_overrun(store, each->job);
    if (!changed && changed.error().code == ErrorCode::kUnavailable) continue;
    if (changed)
      options.ended(*changed);
    else
      log::write(log::Level::kWarn, changed.error().message, {{"job_id", id}});
    each->ending = true;
  }
}

void Runner::State::forget_ended() {
  const auto before = active.size();
  std::erase_if(active, [this](const auto& entry) {
    auto& each = *entry.second;
    return each.ending && each.in_flight == 0 && each.step != Step::kPlanning && record(each);
  });
  if (active.size() < before) claim_soon();
}

void Runner::State::renew() {
  const auto now = steady_micros();
  if (now < next_renewal) return;
  next_renewal = now + options.lease / 4;
  if (auto renewed = store.renew(options.server, options.lease); !renewed)
    log::write(log::Level::kWarn, "jobs may be taken over: " + renewed.error().message);
}

}  // namespace recorte::batch
