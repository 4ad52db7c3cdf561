// SPDX-License-Identifier: BSD-3-Clause
//
// The runner's thread. (runner_claim.cpp: which jobs; runner_steps.cpp: what is done with them;
// runner_turns.cpp: whose task is next.)
#include "core/batch/runner.hpp"

#include "core/base/time.hpp"
#include "core/batch/runner_state.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

constexpr Micros kTick = 500'000;
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
    // One that is at work here makes no other begin; its end is seen when it is forgotten.
    if (!state->find(id)) state->claim_soon();
    if (!id.empty()) return state->look_at(id);
    for (const auto& [each, active] : state->active) state->look_at(each);
  });
}

void Runner::set_draining(bool draining) {
  state_->draining = draining;
  state_->post([state = state_.get()] { state->claim_soon(); });
}

Runner::State::State(Options with, job::Store& jobs, schedule::Executor& by, Planner plans)
    : options(std::move(with)),
      store(jobs),
      executor(by, options.answers),
      planner(std::move(plans)),
      share(options.policy, static_cast<double>(executor.workers())),
      claims(options.policy, static_cast<double>(executor.workers())),
      draining(options.draining) {
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

/// One that waits after a trouble is looked at when its pause is over.
Micros Runner::State::until_next_look() const {
  const auto now = steady_micros();
  auto until = kTick;
  if (!*leave) until = std::clamp(next_claim - now, Micros{0}, until);
  for (const auto& [id, each] : active)
    if (each->not_before > now) until = std::min(until, each->not_before - now);
  return until;
}

void Runner::State::run() {
  bool leaving = false;
  for (bool going = true; going;) {
    std::deque<std::function<void()>> todo;
    {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, std::chrono::microseconds(until_next_look()),
                    [&] { return (stopping && !leaving) || !events.empty(); });
      todo.swap(events);
    }
    leaving = *leave;
    if (leaving)
      for (auto& [id, each] : active) *each->cancelled = true;
    for (auto& event : todo) event();
    if (leaving) {
      const std::lock_guard lock(mutex);
      going = in_flight > 0 || planning > 0 || delivering > 0 || !events.empty();
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

}  // namespace recorte::batch
