// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_engine.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "server/service/ask_work.hpp"
#include "server/service/job_door.hpp"
#include "server/service/job_parameters.hpp"
#include "server/service/job_submission.hpp"
#include "server/service/memory_need.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace recorte::service {
namespace {

/// A product of a batch may take so much longer than one that somebody waits for: its worker gets
/// what others leave of the processor.
constexpr std::int64_t kBatchPatience = 5;
constexpr std::size_t kCrew = 2;
/// What a job makes is counted before it is run, by a worker who knows its images.
constexpr auto kCounting = std::chrono::seconds(20);

void keep(job::Job& job, const batch::Expanded& counted) {
  job.positions = counted.positions;
  job.products = counted.products;
}

bool is_anonymous(const Asker& asker) { return asker.principal.user == job::Job().owner; }

}  // namespace

/// A job on its way to be remembered.
struct JobEngine::Draft {
  job::Job job;
  std::string list;
  bool run = false;
  Asker asker;
  std::function<void(Result<Created>)> done;
  Created created{};
  schedule::Work work{};
};

JobEngine::JobEngine(JobOptions options, job::Store& store, schedule::Executor& questions,
                     schedule::Executor& batches, Estimates& estimates, cutout::Budget budget,
                     JobPlanner::Readers readers)
    : options_(std::move(options)),
      store_(store),
      estimates_(estimates),
      quotas_(options_.quotas, {options_.active, options_.anonymous_active}, store),
      planner_(options_.directory, options_.bounds, std::move(readers), questions, estimates,
               budget, options_.open_for),
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
  if (options_.delivery)
    running.finish = [delivery = *options_.delivery](const job::Job& job, const auto& results,
                                                     const std::atomic<bool>& stop) {
      return batch::deliver(delivery, job, results, stop);
    };
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

Status JobEngine::may_submit(const Asker& asker) const {
  if (is_anonymous(asker) && !options_.anonymous_batch)
    return fail(ErrorCode::kUnauthenticated,
                "jobs are for users that are signed in; sign in, or use sync for one cutout");
  RECORTE_TRY(options_.open_for(""));
  return quotas_.expect_room(asker.principal.user, asker.principal.groups);
}

Result<job::Job> JobEngine::new_job(const Submission& submission, const Asker& asker) const {
  RECORTE_TRY(may_submit(asker));
  RECORTE_TRY(options_.may_notify(submission.parameters));
  RECORTE_TRY(check_parameters(submission.parameters, options_.most_parameters));
  const auto now = now_micros();
  job::Job job;
  job.id = random_hex(batch::kJobIdBytes);
  job.face = submission.face;
  job.owner = asker.principal.user;
  job.groups = asker.principal.groups;
  job.run_id = submission.run_id;
  job.created = now;
  job.parameters = submission.parameters;
  job.list = submission.list_name;
  job.execution_seconds =
      execution_within(submission.execution_seconds.value_or(options_.execution_seconds));
  job.destruction = destruction_within(submission.destruction.value_or(now + options_.keep), now);
  return job;
}

void JobEngine::create(Submission submission, const Asker& asker,
                       std::function<void(Result<Created>)> done) {
  auto job = new_job(submission, asker);
  if (!job) return done(fail(std::move(job).error()));
  auto draft = std::make_shared<Draft>(Draft{
      std::move(*job), std::move(submission.list), submission.run, asker, std::move(done), {}, {}});
  if (!draft->job.list.empty()) return accept_list(draft);
  planner_.read(draft->job, asker, [this, draft](Result<batch::Ask> ask) {
    if (!ask) return draft->done(fail(std::move(ask).error()));
    estimates_.measure([this, draft, ask = std::move(*ask)](WorkSum sum) {
      draft->work = work_of(ask, {}, std::move(sum));
      accept(draft);
    });
  });
}

/// One without a list, which is charged with what it makes where it runs at once.
void JobEngine::accept(const std::shared_ptr<Draft>& draft) {
  if (!draft->run) return remember(draft);
  planner_.count(draft->job, draft->asker, [this, draft](const Result<batch::Expanded>& made) {
    if (made)
      keep(draft->job, *made);
    else if (made.error().code == ErrorCode::kUnavailable)
      return draft->done(fail(made.error()));
    remember(draft);
  });
}

/// Written, checked whole, and laid over the images, before anybody is told that it is accepted.
void JobEngine::accept_list(std::shared_ptr<Draft> draft) {
  const auto directory = batch::job_directory(options_.directory, draft->job.id);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  auto written =
      error ? Status(fail(ErrorCode::kUnavailable, "cannot make the directory " +
                                                       directory.string() + ": " + error.message()))
            : write_file_durably(batch::list_file(directory), draft->list);
  if (written) written = sync_directory(options_.directory);
  draft->list.clear();
  draft->list.shrink_to_fit();
  const auto give_up = [this, draft, directory](Error why) {
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
    draft->done(fail(told(std::move(why), draft->job.id)));
  };
  if (!written) return give_up(std::move(written).error());
  planner_.plan(draft->job, draft->asker, [this, draft, give_up](Result<batch::Expanded> planned) {
    if (!planned) return give_up(std::move(planned).error());
    draft->job.positions = planned->positions;
    draft->job.products = planned->products;
    planner_.look_outside(draft->job, draft->asker,
                          [this, draft, give_up](Result<JobPlanner::Outside> outside) {
                            if (!outside) return give_up(std::move(outside).error());
                            draft->job.outside = outside->products;
                            draft->created.outside_rows = std::move(outside->rows);
                            draft->work = std::move(outside->inside);
                            remember(draft);
                          });
  });
}

/// Whoever checked it is not to wait for the database.
void JobEngine::remember(std::shared_ptr<Draft> draft) {
  crew_.post([this, draft = std::move(draft)] { add(draft); });
}

void JobEngine::add(const std::shared_ptr<Draft>& draft) {
  foresee(draft->job, draft->work);
  if (!draft->run) draft->job.quote = 0;  // when it is run, that is said anew
  bool refused = false;
  const auto admit = quotas_.admit_new(draft->run);
  auto added = store_.add(draft->job, [&](job::Job& job, const job::Usage& usage) -> Status {
    auto good = admit(job, usage);
    refused = !good;
    return good;
  });
  if (!added) {
    // One that the database was lost with may be there all the same: the janitor knows later.
    std::error_code ignored;
    if (refused || added.error().code != ErrorCode::kUnavailable)
      std::filesystem::remove_all(batch::job_directory(options_.directory, draft->job.id), ignored);
    return draft->done(fail(std::move(added).error()));
  }
  queue_.changed();
  draft->created.job = std::move(*added);
  draft->done(std::move(draft->created));
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

Result<job::Job> JobEngine::change(const std::string& id, const Asker& asker,
                                   const std::function<Status(job::Job&)>& edit) {
  RECORTE_TRY(check_id(id));
  return told(store_.change(id, [&](job::Job& job) -> Status {
    RECORTE_TRY(may_touch(job, asker));
    return edit(job);
  }));
}

Result<std::optional<batch::Expanded>> JobEngine::count(const job::Job& job, const Asker& asker) {
  const bool runs = job.phase == job::Phase::kQueued || job.phase == job::Phase::kExecuting;
  if (job.products > 0 || (!job.list.empty() && runs)) return std::nullopt;  // its runner plans it
  const auto counted = std::make_shared<std::promise<Result<batch::Expanded>>>();
  const auto done = [counted](auto made) { counted->set_value(std::move(made)); };
  if (job.list.empty())
    planner_.count(job, asker, done);
  else
    planner_.plan(job, asker, done);
  auto answer = counted->get_future();
  if (answer.wait_for(kCounting) != std::future_status::ready)
    return fail(ErrorCode::kUnavailable, "no worker has said in time what the job " + job.id +
                                             " would make; run it again in a moment");
  auto made = answer.get();
  if (made) return *made;
  if (made.error().code == ErrorCode::kUnavailable) return fail(std::move(made).error());
  return std::nullopt;
}

Result<job::Job> JobEngine::start(const std::string& id, const Asker& asker, job::Move move) {
  const auto known = find(id, asker);
  if (!known) return known;
  RECORTE_TRY(options_.open_for(""));
  const auto counted = count(*known, asker);
  if (!counted) return fail(counted.error());
  auto fresh = *known;
  if (*counted && fresh.products == 0) keep(fresh, **counted);
  if (fresh.phase == job::Phase::kPending)
    foresee(fresh, {known->prediction.kind, schedule::RunLane::kBatch, inside_of(fresh),
                    known->prediction.pixels});
  const auto admit = quotas_.admit_start(move);
  auto started = told(store_.admit(id, [&](job::Job& job, const job::Usage& usage) -> Status {
    RECORTE_TRY(may_touch(job, asker));
    if (job.parameters != known->parameters) {
      // What was just planned is of those it had before.
      const auto plan = batch::plan_file(batch::job_directory(options_.directory, id));
      if (*counted && !job.list.empty() && job.phase == job::Phase::kPending)
        RECORTE_TRY(remove_file_durably(plan));
      return fail(ErrorCode::kUnavailable,
                  "the parameters of the job " + id + " are just being changed; run it again");
    }
    if (*counted && job.products == 0) keep(job, **counted);
    if (job.phase == job::Phase::kPending) {
      job.prediction = fresh.prediction;  // what was said of it holds from now on
      job.quote = fresh.quote;
    }
    return admit(job, usage);
  }));
  queue_.changed();
  return started;
}

Result<job::Job> JobEngine::run(const std::string& id, const Asker& asker) {
  return start(id, asker, job::Move::kRun);
}

Result<job::Job> JobEngine::retry(const std::string& id, const Asker& asker) {
  return start(id, asker, job::Move::kRetry);
}

Result<job::Job> JobEngine::abort(const std::string& id, const Asker& asker) {
  return change(id, asker, [&asker](job::Job& job) -> Status {
    if (job.phase == job::Phase::kAborted) return {};
    auto phase = job::moved(job.phase, job::Move::kAbort);
    if (!phase) return fail(std::move(phase).error());
    job.phase = *phase;
    // What an admin holds does not run again by being aborted first.
    if (job.hold != job::Hold::kAdmin || asker.admin) job.hold = job::Hold::kNone;
    job.ended = now_micros();
    job.quote = 0;
    return {};
  });
}

Result<job::Job> JobEngine::pause(const std::string& id, const Asker& asker) {
  return change(id, asker, [](job::Job& job) -> Status {
    if (job.phase == job::Phase::kHeld && job.hold == job::Hold::kUser) return {};
    auto phase = job::moved(job.phase, job::Move::kHold);
    if (!phase) return fail(std::move(phase).error());
    job.phase = *phase;
    job.hold = job::Hold::kUser;
    job.hold_until = 0;
    return {};
  });
}

Result<job::Job> JobEngine::set_place(const std::string& id, std::int64_t place,
                                      const Asker& asker) {
  return change(id, asker, [&](job::Job& job) -> Status {
    if (job::has_ended(job.phase))
      return fail(ErrorCode::kUsage, "a job that is " + std::string(job::name_of(job.phase)) +
                                         " has no place in the queue");
    job.place = place;
    return {};
  });
}

Result<job::Job> JobEngine::set_destruction(const std::string& id, Micros time,
                                            const Asker& asker) {
  auto changed = change(id, asker, [&](job::Job& job) -> Status {
    if (job.phase == job::Phase::kArchived)
      return fail(ErrorCode::kUsage, "the results of the job " + id + " are gone already");
    job.destruction = destruction_within(time, now_micros());
    return {};
  });
  const std::lock_guard lock(hearing_->mutex);
  if (changed && hearing_->open) janitor_->look_soon();
  return changed;
}

Result<job::Job> JobEngine::set_execution(const std::string& id, std::int64_t seconds,
                                          const Asker& asker) {
  return change(id, asker, [&](job::Job& job) -> Status {
    job.execution_seconds = execution_within(seconds);
    return {};
  });
}

Result<job::Job> JobEngine::set_parameters(const std::string& id,
                                           std::vector<job::Parameter> parameters,
                                           const Asker& asker) {
  return change(id, asker, [&](job::Job& job) -> Status {
    if (job.phase != job::Phase::kPending)
      return fail(ErrorCode::kUsage, "a job that is " + std::string(job::name_of(job.phase)) +
                                         " keeps its parameters; make a new job");
    job.parameters = replaced(std::move(job.parameters), parameters);
    RECORTE_TRY(options_.may_notify(job.parameters));
    RECORTE_TRY(check_parameters(job.parameters, options_.most_parameters));
    job.products = 0;
    job.outside = -1;
    job.prediction = {};
    job.quote = 0;
    // That of other parameters goes first: whenever the machine stops, none is there that is not
    // the job's. One without a plan is planned when it runs.
    const auto plan = batch::plan_file(batch::job_directory(options_.directory, id));
    if (auto gone = remove_file_durably(plan); !gone) return fail(told(gone.error(), id));
    return {};
  });
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

void JobEngine::rerun(const std::string& id, const Asker& asker,
                      std::function<void(Result<Created>)> done) {
  const auto old = find(id, asker);
  if (!old) return done(fail(old.error()));
  Submission again;
  again.face = old->face;
  again.parameters = old->parameters;
  again.run_id = old->run_id;
  again.execution_seconds = old->execution_seconds;
  again.run = true;
  if (!old->list.empty()) {
    auto list = read_file(batch::list_file(batch::job_directory(options_.directory, id)),
                          batch::kListBytes);
    if (!list && list.error().code == ErrorCode::kNotFound)
      return done(fail(ErrorCode::kNotFound,
                       "the list of the job " + id +
                           " is not kept any more, so that it cannot be run anew; send the list "
                           "with a new job"));
    if (!list) return done(fail(told(std::move(list).error(), id)));
    again.list = std::move(*list);
    again.list_name = old->list;
  }
  create(std::move(again), asker, std::move(done));
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

Result<std::shared_ptr<const batch::Results>> JobEngine::results(const job::Job& job) {
  auto results = results_.open(job);
  if (!results) return fail(told(std::move(results).error(), job.id));
  return results;
}

}  // namespace recorte::service
