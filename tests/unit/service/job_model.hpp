/// Jobs as UWS 1.1 and the quotas have them, in as few words as can be: what each step does to a
/// job and to its owner's balance, and whether it is allowed. No store, no threads, no time but the
/// day that it is told.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace recorte::service::model {

using job::Hold;
using job::Phase;

struct Task {
  std::int64_t count = 0;
  bool done = false;
};

struct Job {
  std::string id, owner, server;
  Phase phase = Phase::kPending;
  Hold hold = Hold::kNone;
  bool hidden = false;
  std::int64_t wanted = 0;    ///< by its parameters
  std::int64_t products = 0;  ///< 0: not counted yet
  std::int64_t rounds = 0;
  job::Tally tally;
  std::vector<Task> tasks;
  std::vector<std::pair<std::int64_t, std::int64_t>> charges;  ///< day and cutouts, in order
  Micros lease = 0;

  bool is(std::set<Phase> phases) const { return phases.contains(phase); }
  bool ended() const {
    return is({Phase::kCompleted, Phase::kError, Phase::kAborted, Phase::kArchived});
  }
  std::int64_t made() const { return tally.ok + tally.partial + tally.no_coverage; }
  std::int64_t charged() const {
    std::int64_t sum = 0;
    for (const auto& [day, cutouts] : charges) sum += cutouts;
    return sum;
  }
};

struct Limits {
  std::int64_t cutouts = 10;   ///< a day
  std::int64_t positions = 6;  ///< of a job
  std::int64_t jobs = 4;       ///< that have not ended
  std::int64_t running = 1;
};

/// Each step says whether it was allowed; else nothing has changed.
struct Model {
  Limits limits;
  std::vector<Job> jobs;
  std::int64_t day = 0;
  Micros now = 0;

  std::int64_t active(const std::string& owner) const {
    return std::ranges::count_if(
        jobs, [&](const Job& job) { return job.owner == owner && !job.ended(); });
  }
  std::int64_t charged_on(const std::string& owner, std::int64_t first, std::int64_t last) const {
    std::int64_t sum = 0;
    for (const auto& job : jobs)
      for (const auto& [on, cutouts] : job.charges)
        if (job.owner == owner && on >= first && on <= last) sum += cutouts;
    return sum;
  }

  /// What it would make is charged; what ended without being made is given back.
  void charge(Job& job) const {
    const auto more = job.products - std::max(job.charged(), job.made());
    if (more > 0) job.charges.emplace_back(day, more);
  }
  static void settle(Job& job) {
    if (!job.ended()) return;
    for (auto over = job.charged() - job.made(); over > 0;) {
      auto& last = job.charges.back().second;
      const auto back = std::min(over, last);
      over -= back;
      if ((last -= back) == 0) job.charges.pop_back();
    }
  }
  static void end(Job& job, Phase phase) {
    job.phase = phase;
    settle(job);
  }

  /// By its owner, or by the quota that held it: QUEUED, or HELD where there is no room today.
  bool start(Job& job, std::set<Phase> from) const {
    const auto products = job.products > 0 ? job.products : job.wanted;
    const auto more = std::max<std::int64_t>(0, products - std::max(job.charged(), job.made()));
    const bool too_many = job.ended() && active(job.owner) + 1 > limits.jobs;
    if (job.hidden || !job.is(std::move(from)) || job.hold == Hold::kAdmin || too_many ||
        products > limits.positions || more > limits.cutouts)
      return false;
    job.products = products;
    if (job.ended()) ++job.rounds;
    job.server.clear();
    const bool fits = charged_on(job.owner, day, day) + more <= limits.cutouts || more == 0;
    job.phase = fits ? Phase::kQueued : Phase::kHeld;
    job.hold = fits ? Hold::kNone : Hold::kQuota;
    if (fits) charge(job);
    return true;
  }
  bool create(const std::string& owner, std::int64_t wanted, bool run) {
    Job job;
    job.owner = owner;
    job.wanted = wanted;
    if (active(owner) + 1 > limits.jobs || (run && !start(job, {Phase::kPending}))) return false;
    jobs.push_back(std::move(job));
    return true;
  }
  bool run(Job& job) const {
    return start(job, {Phase::kPending, Phase::kHeld, Phase::kError, Phase::kAborted});
  }
  bool retry(Job& job) const {
    return start(job, {Phase::kCompleted, Phase::kError, Phase::kAborted});
  }
  static bool set_parameters(Job& job, std::int64_t wanted) {
    if (job.hidden || job.phase != Phase::kPending) return false;
    job.wanted = wanted;
    job.products = 0;
    return true;
  }
  static bool abort(Job& job) {
    if (job.hidden || (job.ended() && job.phase != Phase::kAborted)) return false;
    if (job.phase != Phase::kAborted && job.hold != Hold::kAdmin) job.hold = Hold::kNone;
    end(job, Phase::kAborted);
    return true;
  }
  static bool pause(Job& job) {
    const bool again = job.phase == Phase::kHeld && job.hold == Hold::kUser;
    if (job.hidden || job.ended() || (job.phase == Phase::kHeld && !again)) return false;
    job.phase = Phase::kHeld;
    job.hold = Hold::kUser;
    return true;
  }
  static bool remove(Job& job) {
    if (job.hidden) return false;
    job.hidden = true;
    destroy(job);
    return true;
  }
  static void destroy(Job& job) {
    end(job, Phase::kArchived);
    job.server.clear();
  }
  static bool hold_by_admin(Job& job) {
    if (!job.is({Phase::kQueued, Phase::kExecuting, Phase::kHeld})) return false;
    job.phase = Phase::kHeld;
    job.hold = Hold::kAdmin;
    return true;
  }
  bool release(Job& job) const {
    if (job.ended() && job.hold == Hold::kAdmin) {
      job.hold = Hold::kNone;
      return true;
    }
    if (job.phase != Phase::kHeld) return false;
    charge(job);
    job.phase = Phase::kQueued;
    job.hold = Hold::kNone;
    job.server.clear();
    return true;
  }
  /// Of each owner the oldest first, until one has no room.
  void let_go() {
    std::set<std::string> waiting;
    for (auto& job : jobs) {
      if (job.phase != Phase::kHeld || job.hold != Hold::kQuota || waiting.contains(job.owner))
        continue;
      start(job, {Phase::kHeld});
      if (job.phase == Phase::kHeld) waiting.insert(job.owner);
    }
  }

  bool claim(Job& job, const std::string& server, Micros lease) const {
    const auto runs = [this](const Job& one) {
      return one.phase == Phase::kExecuting ||
             (one.phase == Phase::kQueued && !one.server.empty() && one.lease > now);
    };
    const auto others = std::ranges::count_if(jobs, [&](const Job& one) {
      return one.owner == job.owner && one.id != job.id && runs(one);
    });
    const bool free = job.server.empty() || job.server == server || job.lease <= now;
    if (!job.is({Phase::kQueued, Phase::kExecuting}) || !free ||
        (!runs(job) && others >= limits.running))
      return false;
    job.server = server;
    job.lease = now + lease;
    return true;
  }
  /// Products that failed and are to be made once more, in a task of their own.
  bool begin(Job& job) const {
    if (!job.is({Phase::kQueued, Phase::kExecuting})) return false;
    if (job.tasks.empty())
      for (std::int64_t left = job.products; left > 0; left -= 2)
        job.tasks.push_back({std::min<std::int64_t>(left, 2)});
    if (job.phase == Phase::kQueued && job.tally.failed > 0)
      job.tasks.push_back({std::exchange(job.tally.failed, 0)});
    job.phase = Phase::kExecuting;
    charge(job);
    return true;
  }
  /// What is made after the end counts all the same.
  bool finish(Job& job, std::size_t number, const std::string& server, const job::Tally& tally,
              std::int64_t rest) const {
    if (number >= job.tasks.size()) return false;
    if (job.tasks[number].done) return true;
    if (job.server != server) return false;
    job.tasks[number].done = true;
    if (rest > 0) job.tasks.push_back({rest});
    const auto before = job.made();
    job.tally += tally;
    if (const auto late = job.made() - before; job.ended() && late > 0)
      job.charges.emplace_back(day, late);
    return true;
  }
  static bool complete(Job& job) {
    if (job.phase != Phase::kExecuting) return false;
    end(job, Phase::kCompleted);
    return true;
  }
  static bool stop(Job& job, Phase phase) {
    if (!job.is({Phase::kPending, Phase::kQueued, Phase::kExecuting})) return false;
    end(job, phase);
    return true;
  }
};

}  // namespace recorte::service::model
