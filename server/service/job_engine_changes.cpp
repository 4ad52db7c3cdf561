// SPDX-License-Identifier: BSD-3-Clause
//
// What its owner does to a job.
#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "server/service/ask_work.hpp"
#include "server/service/job_door.hpp"
#include "server/service/job_engine.hpp"
#include "server/service/job_parameters.hpp"
#include "server/service/job_submission.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace recorte::service {
namespace {

/// What a job makes is counted before it is run, by a worker who knows its images.
constexpr auto kCounting = std::chrono::seconds(20);

/// What `ask` tells its `done` in time; nothing where it does not.
template <class Answer, class Ask>
std::optional<Answer> told_in_time(const Ask& ask) {
  const auto told = std::make_shared<std::promise<Answer>>();
  ask([told](Answer answer) { told->set_value(std::move(answer)); });
  auto answer = told->get_future();
  if (answer.wait_for(kCounting) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

Error nobody_says(const std::string& id) {
  return {ErrorCode::kUnavailable, "no worker has said in time what the job " + id +
                                       " would make; run it again in a moment"};
}

/// Its survey is not for whoever asks, or not now.
bool closes(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kForbidden ||
         error.code == ErrorCode::kUnauthenticated || error.code == ErrorCode::kUnavailable;
}

}  // namespace

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
  auto made = told_in_time<Result<batch::Expanded>>([&](auto done) {
    if (job.list.empty())
      planner_.count(job, asker, std::move(done));
    else
      planner_.plan(job, asker, std::move(done));
  });
  if (!made) return fail(nobody_says(job.id));
  if (*made) return **made;
  if (made->error().code == ErrorCode::kUnavailable) return fail(std::move(*made).error());
  return std::nullopt;
}

Status JobEngine::may_start(const job::Job& job, const Asker& asker) {
  const auto read = told_in_time<Result<batch::Ask>>(
      [&](auto done) { planner_.read(job, asker, std::move(done)); });
  if (!read) return fail(nobody_says(job.id));
  // What else is wrong with it is said when it runs.
  if (!*read && closes(read->error())) return fail(read->error());
  return {};
}

Status JobEngine::may_start_planned(const job::Job& job, const Asker& asker) {
  auto may = told_in_time<Status>(
      [&](auto done) { planner_.may_use_planned(job, asker, std::move(done)); });
  if (!may) return fail(nobody_says(job.id));
  if (!*may) return fail(told(std::move(*may).error(), job.id));
  return {};
}

Result<job::Job> JobEngine::start(const std::string& id, const Asker& asker, job::Move move) {
  const auto known = find(id, asker);
  if (!known) return known;
  RECORTE_TRY(options_.open_for(""));
  const bool pending = known->phase == job::Phase::kPending;
  // Its parameters may have become others since it was looked at.
  if (pending) RECORTE_TRY(may_start(*known, asker));
  const auto counted = count(*known, asker);
  if (!counted) return fail(counted.error());
  if (pending && !known->list.empty()) RECORTE_TRY(may_start_planned(*known, asker));
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
    const auto& who = asker.principal;
    if (who.user == job.owner && who.service == job.service) job.groups = who.groups;
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

}  // namespace recorte::service
