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
#include <tuple>
#include <utility>

namespace recorte::batch {

void Runner::State::claim() {
  const auto now = now_micros();
  if (now < next_claim) return;
  next_claim = now + options.lease / 10;
  auto queue = store.queue(options.server, options.jobs_at_once);
  if (!queue) return log::write(log::Level::kError, "jobs wait: " + queue.error().message);
  if (draining)  // what it has begun it ends
    std::erase_if(*queue, [this](const job::Queued& job) {
      return job.server != options.server || job.phase != job::Phase::kExecuting;
    });
  recall(*queue, now);
  std::map<std::string, std::string> here;
  for (const auto& [id, each] : active) here.emplace(id, each->job.owner);
  Claiming claiming(std::move(*queue), here, options.policy, options.may_run);
  while (static_cast<std::int64_t>(active.size()) < options.jobs_at_once) {
    const auto* next = claiming.next(claims, now);
    if (!next) return;
    auto job = store.claim(next->id, options.server, options.lease);
    if (!job) return log::write(log::Level::kError, "jobs wait: " + job.error().message);
    if (*job) add(std::move(**job), now);
  }
  if (claiming.left_out()) make_room();
}

void Runner::State::add(job::Job job, Micros now) {
  auto added = std::make_unique<Active>();
  added->in = schedule::class_of(options.policy, job.owner, job.groups, job.service, job.priority);
  added->job = std::move(job);
  added->since = now;
  active[added->job.id] = std::move(added);
}

/// What they used before this server was there, or on others.
void Runner::State::recall(const std::vector<job::Queued>& queue, Micros now) {
  const bool all_known =
      std::ranges::all_of(queue, [this](const auto& job) { return known.count(job.owner) > 0; });
  if (all_known) return;
  const auto used = store.shares();
  if (!used) return;  // the next time, perhaps: it is no reason to wait
  for (const auto& job : queue) {
    if (!known.insert(job.owner).second) continue;
    const auto at = used->find(job.owner);
    if (at == used->end()) continue;
    share.recall(job.owner, at->second, now);
    claims.recall(job.owner, at->second, now);
  }
}

/// Of the owner with the most jobs here, one is put back, from which it can go on later.
void Runner::State::make_room() {
  std::map<std::string, std::int64_t> count;
  for (const auto& [id, each] : active) {
    if (each->parked) return;  // there will be
    ++count[each->job.owner];
  }
  Active* last = nullptr;
  const auto rank = [&](const Active& each) {
    return std::tuple(count[each.job.owner], -each.job.place, each.job.created);
  };
  for (const auto& [id, each] : active) {
    const bool may = each->step == Step::kTasks && !each->ending && count[each->job.owner] > 1;
    if (may && (!last || rank(*each) > rank(*last))) last = each.get();
  }
  if (last) last->parked = true;
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
    return (each.ending || each.parked) && each.in_flight == 0 && record(each);
  });
  if (active.size() < before) next_claim = 0;
}

void Runner::State::renew() {
  const auto now = now_micros();
  if (now < next_renewal) return;
  next_renewal = now + options.lease / 4;
  if (auto renewed = store.renew(options.server, options.lease); !renewed)
    log::write(log::Level::kWarn, "jobs may be taken over: " + renewed.error().message);
}

}  // namespace recorte::batch
