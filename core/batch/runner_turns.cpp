// SPDX-License-Identifier: BSD-3-Clause
//
// Whose task is next, how much of it, and what comes back.
#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/order.hpp"
#include "core/batch/runner_state.hpp"
#include "core/batch/turn.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

constexpr Micros kMilli = 1'000;

/// Where the order has what is left of a task: its end, where it was made in order.
Result<std::int64_t> place_of(const std::filesystem::path& directory, const job::Task& task,
                              std::span<const std::uint32_t> rest) {
  const auto count = static_cast<std::int64_t>(rest.size());
  const auto first = task.first + task.count - count;
  const auto end = read_order(directory, first, count);
  if (end && std::ranges::equal(*end, rest)) return first;
  return append_order(directory, rest);
}

}  // namespace

bool Runner::State::waits_for_turn(Active& each, Micros now) {
  return each.step == Step::kTasks && !each.ending && !each.overrun && now >= each.not_before &&
         !each.pending.empty() && each.unrecorded.empty();
}

/// What else is to be done, and then tasks by the policy, as long as there are places for them.
void Runner::State::hand_out() {
  for (const auto& [id, each] : active) settle(*each);
  while (in_flight < options.tasks_at_once) {
    const auto now = steady_micros();
    // Of one owner's in one class the first by place, then by age.
    std::map<std::pair<schedule::Class, std::string>, Active*> firsts;
    for (const auto& [id, each] : active) {
      if (!waits_for_turn(*each, now)) continue;
      auto& first = firsts[{each->in, each->job.owner}];
      const auto rank = [](const Active& a) { return std::tuple(-a.job.place, a.job.created); };
      if (!first || rank(*each) < rank(*first)) first = each.get();
    }
    std::vector<schedule::Line> lines;
    for (const auto& [line, first] : firsts)
      lines.push_back({line.second, line.first, first->since});
    const auto next = share.next(lines, now);
    if (!next) return;
    give(*std::next(firsts.begin(), static_cast<std::ptrdiff_t>(*next))->second, now);
  }
}

/// Goes on with what needs no worker.
void Runner::State::settle(Active& each) {
  for (auto before = each.step;; before = each.step) {
    if (each.ending || each.overrun || steady_micros() < each.not_before) return;
    advance(each);
    if (each.step == before) return;
  }
}

/// What a product of it takes: by what its own took, once there are some, else by those before.
double Runner::State::seconds_per_product(const Active& each) const {
  constexpr std::int64_t kSome = 8;
  const auto& tally = each.job.tally;
  if (tally.products() < kSome)
    if (const auto known = options.seconds_per_product(each.job); known > 0) return known;
  if (tally.products() == 0) return 0;
  return static_cast<double>(tally.work_us) / 1e6 / static_cast<double>(tally.products());
}

void Runner::State::give(Active& each, Micros now) {
  auto task = each.pending.front();
  each.pending.pop_front();
  ++each.in_flight;
  ++in_flight;
  // All of its owner's in the class have had their turn.
  for (const auto& [id, other] : active)
    if (other->in == each.in && other->job.owner == each.job.owner) other->since = now;
  const auto seconds = seconds_per_product(each);
  const auto most = products_of_turn(seconds, options.task_time, task.count);
  const Charge charge{each.job.owner, each.in,
                      seconds > 0 ? seconds * 1e6 * static_cast<double>(most)
                                  : static_cast<double>(options.task_time)};
  this->charge(charge, charge.work_us);
  TaskWork work{directory_of(each), each.job.id,    each.job.groups, task,
                each.plan,          options.budget, each.cancelled,  leave};
  work.budget.slice_ms = options.task_time / kMilli;
  work.most = static_cast<std::size_t>(most);
  work.memory = options.memory(each.job);
  work.retry = options.retry;
  run_task(
      std::move(work), executor, *crew,
      [this, id = each.job.id, task, charge](Result<TaskDone> what) {
        post([this, id, task, charge, what = std::move(what)] { done(id, task, charge, what); });
      });
}

void Runner::State::charge(const Charge& to, double work_us) {
  share.charge(to.owner, to.in, work_us, steady_micros());
  claims.charge(to.owner, to.in, work_us, now_micros());
}

void Runner::State::done(const std::string& id, job::Task task, const Charge& charged,
                         Result<TaskDone> what) {
  --in_flight;
  // What did not come to an end has cost its worker, nobody knows how much; what was cancelled
  // before anything was made, next to nothing.
  if (what || what.error().code == ErrorCode::kCancelled) {
    const auto work_us = what ? static_cast<double>(what->tally.work_us) : 0;
    charge(charged, work_us - charged.work_us);
  }
  if (!is_busy()) claim_soon();
  auto* each = find(id);
  if (!each) return;
  --each->in_flight;
  if (what) {
    each->troubles = 0;
    each->unrecorded.emplace_back(std::move(task), std::move(*what));
    record(*each);
    return;
  }
  if (*leave || each->ending || what.error().code == ErrorCode::kCancelled) return;
  if (trouble(*each, what.error())) each->pending.push_front(task);
}

/// Tells the store of what is done; false where it is away, and must be told later.
bool Runner::State::record(Active& each) {
  while (!each.unrecorded.empty()) {
    const auto& [task, what] = each.unrecorded.front();
    const auto kept = keep(each, task, what);
    if (!kept && schedule::passes(kept.error())) {
      store_trouble(each, kept.error());
      return false;
    }
    if (!kept &&
        (kept.error().code == ErrorCode::kNotFound || kept.error().code == ErrorCode::kForbidden)) {
      let_go(each);  // its record is gone, or another server's: that one finds the packs
    } else if (!kept && !each.ending) {
      fail_job(each, kept.error());
    }
    each.unrecorded.pop_front();
  }
  return true;
}

Status Runner::State::keep(Active& each, const job::Task& task, const TaskDone& what) {
  std::optional<job::Task> rest;
  if (!what.rest.empty()) {
    const auto first = place_of(directory_of(each), task, what.rest);
    if (!first) return fail(first.error());
    rest.emplace();
    rest->number = each.next_number;
    rest->first = *first;
    rest->count = static_cast<std::int64_t>(what.rest.size());
  }
  auto job = store.finish_task(each.job.id, task.number, what.tally, options.server,
                               rest ? &*rest : nullptr);
  if (!job) return fail(std::move(job).error());
  each.job = std::move(*job);
  if (rest) {
    ++each.next_number;
    each.pending.push_front(*rest);
  }
  return {};
}

}  // namespace recorte::batch
