// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_results.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/places.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace recorte::service {
namespace {

constexpr std::size_t kKept = 8;
/// Packs that are missing are looked for again after so long: a shared file system may show what
/// another server has sealed a little later.
constexpr Micros kLookAgain = 1'000'000;

tl::unexpected<Error> gone(const job::Job& job) {
  return fail(ErrorCode::kNotFound, "the results of the job " + job.id +
                                        " are gone; make a new job of its request (rerun)");
}

}  // namespace

JobResults::JobResults(std::filesystem::path results, job::Store& store)
    : results_(std::move(results)), store_(store) {}

Result<std::shared_ptr<const batch::Results>> JobResults::open(const job::Job& job) {
  if (job.phase == job::Phase::kArchived) return gone(job);
  std::shared_ptr<const batch::Results> before;
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find(kept_, job.id, &Kept::id);
    if (at != kept_.end() && is_good(*at, job)) {
      kept_.splice(kept_.begin(), kept_, at);
      return at->results;
    }
    // Run anew, it may have made a pack again that was taken away.
    if (at != kept_.end() && at->rounds == job.rounds) before = at->results;
  }
  const auto directory = batch::job_directory(results_, job.id);
  std::error_code error;
  if (!std::filesystem::exists(batch::plan_file(directory), error)) {
    // Somebody may have removed them since the record was read.
    if (const auto now = store_.find(job.id); now && now->phase == job::Phase::kArchived)
      return gone(job);
    if (job.tally.products() > 0)
      return fail(ErrorCode::kData, "the results of the job " + job.id + " are not in " +
                                        directory.string() +
                                        "; look whether its file system is mounted, or make a new "
                                        "job of its request (rerun)");
    return fail(ErrorCode::kNotFound, "the job " + job.id + " is " +
                                          std::string(job::name_of(job.phase)) +
                                          " and has no results yet");
  }
  const auto tasks = store_.tasks(job.id);
  if (!tasks) return fail(tasks.error());
  std::vector<std::int64_t> done;
  for (const auto& task : *tasks)
    if (task.done) done.push_back(task.number);
  auto results = batch::Results::open(directory, done, before);
  if (!results) return results;
  if (!(*results)->missing().empty() && (!before || before->missing() != (*results)->missing()))
    log::write(log::Level::kWarn,
               std::to_string((*results)->missing().size()) +
                   " packs are missing: " + (*results)->why_missing(),
               {{"job_id", job.id}});
  const std::lock_guard lock(mutex_);
  kept_.remove_if([&](const auto& k) { return k.id == job.id; });
  kept_.push_front({job.id, job.version, job.rounds, steady_micros(), *results});
  if (kept_.size() > kKept) kept_.pop_back();
  return results;
}

bool JobResults::is_good(const Kept& kept, const job::Job& job) {
  if (kept.version != job.version || kept.results->is_stale()) return false;
  return kept.results->missing().empty() || steady_micros() - kept.opened < kLookAgain;
}

void JobResults::forget(const std::string& id) {
  const std::lock_guard lock(mutex_);
  kept_.remove_if([&](const auto& k) { return k.id == id; });
}

}  // namespace recorte::service
