// SPDX-License-Identifier: BSD-3-Clause
//
// Which jobs a server works on, and for how long. (runner_steps.cpp: what it does with them.)
#include "core/batch/runner.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/marks.hpp"
#include "core/batch/runner_state.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

constexpr auto kTick = std::chrono::milliseconds(500);
constexpr std::size_t kCrew = 2;

}  // namespace

Runner::Runner(Options options, job::Store& store, schedule::Executor& executor, Planner planner)
    : state_(std::make_unique<State>(std::move(options), store, executor, std::move(planner))) {}

Runner::~Runner() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  *state_->leave = true;
  state_->wake.notify_one();
  state_->thread.join();
}

void Runner::told(const std::string& id) {
  state_->post([state = state_.get(), id] {
    state->next_claim = 0;
    if (!id.empty()) return state->look_at(id);
    for (const auto& [each, active] : state->active) state->look_at(each);
  });
}

Runner::State::State(Options with, job::Store& jobs, schedule::Executor& by, Planner plans)
    : options(std::move(with)), store(jobs), executor(by), planner(std::move(plans)) {
  crew.emplace(kCrew);
  finishing.emplace(1);
  thread = std::thread([this] { run(); });
}

void Runner::State::post(std::function<void()> event) {
  // With the lock: the event may be the last one, after which all of this goes.
  const std::lock_guard lock(mutex);
  events.push_back(std::move(event));
  wake.notify_one();
}

Active* Runner::State::find(const std::string& id) {
  const auto at = active.find(id);
  return at == active.end() ? nullptr : at->second.get();
}

void Runner::State::run() {
  for (bool going = true; going;) {
    std::deque<std::function<void()>> todo;
    {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, kTick, [this] { return stopping || !events.empty(); });
      todo.swap(events);
    }
    if (*leave)
      for (auto& [id, each] : active) *each->cancelled = true;
    for (auto& event : todo) event();
    if (*leave) {
      const std::lock_guard lock(mutex);
      going = in_flight > 0 || planning > 0 || !events.empty();
      continue;
    }
    look_at_times();
    forget_ended();
    claim();
    hand_out();
    renew();
  }
  crew.reset();
  finishing.reset();
}

void Runner::State::claim() {
  const auto now = now_micros();
  if (now < next_claim) return;
  next_claim = now + options.lease / 10;
  auto queue = store.queue(options.server, options.jobs_at_once);
  if (!queue) return log::write(log::Level::kError, "jobs wait: " + queue.error().message);
  std::ranges::sort(*queue, {}, &job::Queued::created);
  for (const auto& waits : *queue) {
    if (static_cast<std::int64_t>(active.size()) >= options.jobs_at_once) return;
    if (!waits.free || find(waits.id)) continue;
    auto job = store.claim(waits.id, options.server, options.lease);
    if (!job) return log::write(log::Level::kError, "jobs wait: " + job.error().message);
    if (!*job) continue;
    auto added = std::make_unique<Active>();
    added->job = std::move(**job);
    active[added->job.id] = std::move(added);
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
    return each.ending && each.in_flight == 0 && record(each);
  });
  if (active.size() < before) next_claim = 0;
}

void Runner::State::renew() {
  const auto now = now_micros();
  if (active.empty() || now < next_renewal) return;
  next_renewal = now + options.lease / 4;
  if (auto renewed = store.renew(options.server, options.lease); !renewed)
    log::write(log::Level::kWarn, "jobs may be taken over: " + renewed.error().message);
}

}  // namespace recorte::batch
