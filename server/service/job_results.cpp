// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_results.hpp"

#include "core/batch/runner.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace recorte::service {
namespace {

constexpr std::size_t kKept = 8;

}  // namespace

JobResults::JobResults(std::filesystem::path results, job::Store& store)
    : results_(std::move(results)), store_(store) {}

Result<std::shared_ptr<const batch::Results>> JobResults::open(const job::Job& job) {
  if (job.phase == job::Phase::kArchived)
    return fail(ErrorCode::kNotFound, "the results of the job " + job.id +
                                          " are gone; make a new job of its request (rerun)");
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find_if(
        kept_, [&](const auto& k) { return k.id == job.id && k.version == job.version; });
    if (at != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, at);
      return at->results;
    }
  }
  const auto directory = batch::job_directory(results_, job.id);
  std::error_code error;
  if (!std::filesystem::exists(batch::plan_file(directory), error))
    return fail(ErrorCode::kNotFound, "the job " + job.id + " is " +
                                          std::string(job::name_of(job.phase)) +
                                          " and has no results yet");
  const auto tasks = store_.tasks(job.id);
  if (!tasks) return fail(tasks.error());
  std::vector<std::int64_t> done;
  for (const auto& task : *tasks)
    if (task.done) done.push_back(task.number);
  auto results = batch::Results::open(directory, done);
  if (!results) return results;
  const std::lock_guard lock(mutex_);
  kept_.remove_if([&](const auto& k) { return k.id == job.id; });
  kept_.push_front({job.id, job.version, *results});
  if (kept_.size() > kKept) kept_.pop_back();
  return results;
}

void JobResults::forget(const std::string& id) {
  const std::lock_guard lock(mutex_);
  kept_.remove_if([&](const auto& k) { return k.id == id; });
}

}  // namespace recorte::service
