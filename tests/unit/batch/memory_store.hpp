/// A job store in memory, for tests of those who use one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/calendar.hpp"
#include "core/job/charge.hpp"
#include "core/job/store.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace recorte::batch::test {

class MemoryStore : public job::Store {
 public:
  Result<job::Job> add(job::Job job, const job::Admit& admit = {}) override {
    if (admit) RECORTE_TRY(admit(job, *usage(job.owner)));
    charge({}, job);
    return jobs[job.id] = std::move(job);
  }
  Result<job::Job> admit(std::string_view id, const job::Admit& admit) override {
    return change(id, [&](job::Job& job) { return admit(job, *usage(job.owner)); });
  }
  Result<job::Job> find(std::string_view id) override {
    const auto at = jobs.find(std::string(id));
    if (at == jobs.end()) return fail(ErrorCode::kNotFound, "no job " + std::string(id));
    return at->second;
  }
  Result<std::vector<job::Job>> list(const job::Filter& filter) override {
    std::vector<job::Job> out;
    for (const auto& [id, job] : jobs) {
      const bool phase = filter.phases.empty()
                             ? job.phase != job::Phase::kArchived
                             : std::ranges::find(filter.phases, job.phase) != filter.phases.end();
      if (filter.ended && job.ended < *filter.ended) continue;
      if (phase && (!filter.owner || *filter.owner == job.owner)) out.push_back(job);
    }
    std::ranges::sort(out, [](const auto& a, const auto& b) { return a.created > b.created; });
    return out;
  }
  Result<job::Job> change(std::string_view id,
                          const std::function<Status(job::Job&)>& edit) override {
    if (meanwhile) std::exchange(meanwhile, {})(jobs.at(std::string(id)));
    auto job = find(id);
    if (!job) return job;
    RECORTE_TRY(edit(*job));
    job::settle_charge(*job);
    charge(jobs[job->id], *job);
    ++job->version;
    return jobs[job->id] = *job;
  }
  Status remove(std::string_view id) override {
    jobs.erase(std::string(id));
    return {};
  }
  Status add_tasks(std::string_view id, std::span<const job::Task> more) override {
    auto& own = tasks_of[std::string(id)];
    for (const auto& task : more) own.emplace(task.number, task);
    return {};
  }
  Result<std::vector<job::Task>> tasks(std::string_view id) override {
    std::vector<job::Task> out;
    for (const auto& [number, task] : tasks_of[std::string(id)]) out.push_back(task);
    return out;
  }
  Result<job::Job> finish_task(std::string_view id, std::int64_t number, const job::Tally& tally,
                               const std::string&, const job::Task* rest) override {
    if (rest) RECORTE_TRY(add_tasks(id, {rest, 1}));
    auto& task = tasks_of[std::string(id)].at(number);
    return change(id, [&](job::Job& job) -> Status {
      if (!std::exchange(task.done, true)) job.tally += task.tally = tally;
      return {};
    });
  }
  static bool waits(const job::Job& job) {
    return job.phase == job::Phase::kQueued || job.phase == job::Phase::kExecuting;
  }
  Result<std::vector<job::Queued>> queue(const std::string& server, std::int64_t) override {
    std::vector<job::Queued> out;
    for (const auto& [id, job] : jobs) {
      if (!waits(job)) continue;
      job::Queued queued;
      queued.id = id;
      queued.owner = job.owner;
      queued.groups = job.groups;
      queued.priority = job.priority;
      queued.phase = job.phase;
      queued.place = job.place;
      queued.created = job.created;
      queued.queued = job.queued;
      queued.server = job.server;
      queued.free = job.server.empty() || job.server == server;
      out.push_back(queued);
    }
    return out;
  }
  Result<std::optional<job::Job>> claim(std::string_view id, const std::string& server, Micros,
                                        std::int64_t most_running) override {
    auto& job = jobs.at(std::string(id));
    if (!waits(job) || (!job.server.empty() && job.server != server)) return std::nullopt;
    const auto runs = [&](const auto& entry) {
      const auto& other = entry.second;
      return other.owner == job.owner && other.id != job.id && waits(other) &&
             (other.phase == job::Phase::kExecuting || !other.server.empty());
    };
    const bool begun = job.phase == job::Phase::kExecuting || !job.server.empty();
    if (!begun && std::ranges::count_if(jobs, runs) >= most_running) return std::nullopt;
    job.server = server;
    return job;
  }
  Status renew(const std::string&, Micros) override { return {}; }
  Result<std::vector<job::HeldByQuota>> held_by_quota() override {
    job::Filter filter;
    filter.phases = {job::Phase::kHeld};
    const auto held = MemoryStore::list(filter);
    std::vector<job::HeldByQuota> out;
    for (auto job = held->rbegin(); job != held->rend(); ++job)
      if (job->hold == job::Hold::kQuota)
        out.push_back({job->id, job->owner, job->hold_until <= time()});
    return out;
  }
  Result<std::vector<job::Job>> due(Micros now, std::int64_t) override {
    std::vector<job::Job> out;
    for (const auto& [id, job] : jobs)
      if (job.destruction <= now && job.phase != job::Phase::kArchived) out.push_back(job);
    return out;
  }
  Result<job::Usage> usage(const std::optional<std::string>& owner) override {
    job::Usage out;
    out.time = time();
    for (const auto& [key, cutouts] : ledger) {
      if (owner && *owner != key.first) continue;
      if (key.second == day_of(out.time)) out.cutouts_today += cutouts;
      if (key.second >= month_begin(day_of(out.time))) out.cutouts_this_month += cutouts;
    }
    for (const auto& [id, job] : jobs) {
      if (owner && *owner != job.owner) continue;
      if (job.phase == job::Phase::kArchived) continue;
      ++out.jobs;
      out.bytes += job.tally.bytes;
      out.active += job::has_ended(job.phase) ? 0 : 1;
      out.running += job.phase == job::Phase::kExecuting ? 1 : 0;
    }
    return out;
  }
  Result<std::map<std::string, double>> shares() override {
    return std::map<std::string, double>();
  }
  Result<std::string> identity() override { return name; }
  void listen(std::function<void(const std::string&)>) override {}
  Status check() override { return {}; }

  Micros now = 0;  ///< of its clock; 0: the machine's
  std::map<std::string, job::Job> jobs;
  std::map<std::string, std::map<std::int64_t, job::Task>> tasks_of;
  std::string name = "this one";
  /// What somebody else does to the job that is changed next, before that.
  std::function<void(job::Job&)> meanwhile;

 private:
  Micros time() const { return now > 0 ? now : now_micros(); }
  void charge(const job::Job& before, const job::Job& after) {
    auto& day = charged_day[after.id];
    if (after.charged > before.charged) day = day_of(time());
    ledger[{after.owner, day}] += after.charged - before.charged;
  }
  std::map<std::string, std::int64_t> charged_day;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> ledger;
};

}  // namespace recorte::batch::test
