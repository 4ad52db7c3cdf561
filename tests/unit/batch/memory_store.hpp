/// A job store in memory, for tests of those who use one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

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
  Result<job::Job> add(job::Job job) override { return jobs[job.id] = std::move(job); }
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
  Result<std::optional<job::Job>> claim(const std::string&, Micros,
                                        std::span<const std::string>) override {
    return std::nullopt;
  }
  Status renew(const std::string&, Micros) override { return {}; }
  Result<std::vector<job::Job>> due(Micros now, std::int64_t) override {
    std::vector<job::Job> out;
    for (const auto& [id, job] : jobs)
      if (job.destruction <= now && job.phase != job::Phase::kArchived) out.push_back(job);
    return out;
  }
  Result<job::Usage> usage(const std::optional<std::string>& owner) override {
    job::Usage out;
    for (const auto& [id, job] : jobs) {
      if (job.phase == job::Phase::kArchived || (owner && *owner != job.owner)) continue;
      ++out.jobs;
      out.bytes += job.tally.bytes;
    }
    return out;
  }
  Result<std::int64_t> active(const std::string& owner) override {
    return std::ranges::count_if(jobs, [&](const auto& each) {
      return each.second.owner == owner && !job::has_ended(each.second.phase);
    });
  }
  Result<std::int64_t> work_per_product() override { return work_us; }
  Result<std::string> identity() override { return name; }
  void listen(std::function<void(const std::string&)>) override {}
  Status check() override { return {}; }

  std::map<std::string, job::Job> jobs;
  std::map<std::string, std::map<std::int64_t, job::Task>> tasks_of;
  std::int64_t work_us = 0;
  std::string name = "this one";
  /// What somebody else does to the job that is changed next, before that.
  std::function<void(job::Job&)> meanwhile;
};

}  // namespace recorte::batch::test
