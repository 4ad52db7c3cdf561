// SPDX-License-Identifier: BSD-3-Clause
//
// The engine and its parts, and what is asked of jobs. (job_engine_accept.cpp: new ones;
// job_engine_changes.cpp: what becomes of them.)
#include "server/service/job_engine.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "server/service/ask_work.hpp"
#include "server/service/job_door.hpp"
#include "server/service/memory_need.hpp"

#include <algorithm>
#include <utility>

namespace recorte::service {
namespace {

/// A product of a batch may take so much longer than one that somebody waits for: its worker gets
/// what others leave of the processor.
constexpr std::int64_t kBatchPatience = 5;
constexpr std::size_t kCrew = 2;

}  // namespace

JobEngine::JobEngine(JobOptions options, job::Store& store, schedule::Executor& questions,
                     schedule::Executor& batches, Estimates& estimates, cutout::Budget budget,
                     JobPlanner::Readers readers)
    : options_(std::move(options)),
      store_(store),
      estimates_(estimates),
      quotas_(options_.quotas, {options_.active, options_.anonymous_active}, store),
      planner_(options_.directory, options_.bounds, std::move(readers), questions, estimates,
               budget, options_.open_for, options_.may_see),
      results_(options_.directory, store),
      watch_([&store](const std::string& id) { return store.find(id); }),
      queue_(foreseen(options_.queue, estimates), store),
      crew_(kCrew) {
  batch::Runner::Options running;
  running.directory = options_.directory;
  running.server = options_.server;
  running.tasks_at_once = options_.tasks_at_once;
  running.products_per_task = options_.products_per_task;
  running.task_time = options_.task_time;
  running.policy = options_.queue.policy;
  running.seconds_per_product = [&estimates](const job::Job& job) {
    return estimates.seconds_per_product(job);
  };
  running.may_run = [this](const job::Queued& job) { return quotas_.may_run(job); };
  running.memory = [most = 2 * budget.memory](const job::Job& job) {
    const auto products = static_cast<double>(std::max<std::int64_t>(1, job.products));
    return memory_need(job.prediction.pixels / products, most);
  };
  running.budget = budget;
  running.budget.wall_ms *= kBatchPatience;
  running.draining = options_.draining;
  running.ended = [told = options_.ended, &estimates](const job::Job& job) {
    estimates.learn(job);
    told(job);
  };
  running.groups = [this](const job::Job& job) { return groups_now(job); };
  if (options_.delivery)
    running.finish = [this](const job::Job& job, const auto& results,
                            const std::atomic<bool>& stop) { return deliver(job, results, stop); };
  runner_ = std::make_unique<batch::Runner>(
      std::move(running), store, batches,
      [this](const job::Job& job, std::function<void(Result<batch::Expanded>)> done) {
        planner_.plan(job, owner_of(job), std::move(done));
      });
  draining_ = options_.draining;
  store.listen([this, hearing = hearing_](const std::string& id) {
    const std::lock_guard lock(hearing->mutex);
    if (!hearing->open) return;
    watch_.told(id);
    runner_->told(id);
  });
  batch::Janitor::Options cleaning;
  cleaning.directory = options_.directory;
  cleaning.most_bytes = options_.most_bytes;
  cleaning.most_bytes_of_one = options_.most_bytes_of_one;
  // So long may a job keep its results whose record is lost, such as when an older copy of the
  // database was put back.
  cleaning.stray = options_.longest_keep;
  janitor_ = std::make_unique<batch::Janitor>(std::move(cleaning), store,
                                              [this](const std::string& id) { forget(id); });
  held_ = std::make_unique<HeldJobs>(quotas_);
}

JobEngine::~JobEngine() { stop(); }

void JobEngine::set_draining(bool draining) {
  if (draining_.exchange(draining) == draining) return;
  const std::lock_guard lock(hearing_->mutex);
  if (hearing_->open) runner_->set_draining(draining);
}

void JobEngine::stop() {
  {
    const std::lock_guard lock(hearing_->mutex);
    hearing_->open = false;
  }
  held_.reset();
  janitor_.reset();
  runner_.reset();
  planner_.stop();
  crew_.drain();
}

std::int64_t JobEngine::execution_within(std::int64_t seconds) const {
  if (options_.longest_execution <= 0) return seconds;
  return seconds <= 0 ? options_.longest_execution : std::min(seconds, options_.longest_execution);
}

Micros JobEngine::destruction_within(Micros time, Micros now) const {
  return std::min(time, now + options_.longest_keep);
}

Error JobEngine::told(Error error, const std::string& id) const {
  return without_place(std::move(error), batch::job_directory(options_.directory, id));
}

Result<job::Job> JobEngine::told(Result<job::Job> job) const {
  if (job && job->error) job->error = told(std::move(*job->error), job->id);
  return job;
}

Result<job::Job> JobEngine::find(const std::string& id, const Asker& asker) {
  RECORTE_TRY(check_id(id));
  auto job = store_.find(id);
  if (!job) return job;
  RECORTE_TRY(may_touch(*job, asker));
  return told(std::move(job));
}

Result<std::vector<job::Job>> JobEngine::list(job::Filter filter, const Asker& asker) {
  if (!asker.admin) {
    if (is_anonymous(asker) && !options_.anonymous_list) return std::vector<job::Job>();
    filter.owner = asker.principal.user;
  }
  filter.limit = std::min(filter.limit, kLongestList + 1);
  auto jobs = store_.list(filter);
  if (!jobs) return jobs;
  for (auto& job : *jobs)
    if (job.error) job.error = told(std::move(*job.error), job.id);
  return jobs;
}

void JobEngine::forget(const std::string& id) {
  results_.forget(id);
  archives_.forget(id);
}

Status JobEngine::remove(const std::string& id, const Asker& asker) {
  RECORTE_TRY(find(id, asker));
  forget(id);
  const auto gone = batch::archive(store_, options_.directory, id, true,
                                   [&](const job::Job& job) { return may_touch(job, asker); });
  forget(id);  // opened meanwhile
  if (!gone) return fail(gone.error());
  return {};
}

void JobEngine::wait(const std::string& id, std::int64_t known_version, std::int64_t seconds,
                     const Asker& asker, std::function<void(Result<job::Job>)> done) {
  if (auto good = check_id(id); !good) return done(fail(std::move(good).error()));
  watch_.wait(id, known_version, seconds,
              [this, asker, done = std::move(done)](Result<job::Job> job) {
                if (job)
                  if (auto good = may_touch(*job, asker); !good)
                    return done(fail(std::move(good).error()));
                done(told(std::move(job)));
              });
}

}  // namespace recorte::service
