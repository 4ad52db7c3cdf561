// SPDX-License-Identifier: BSD-3-Clause
//
// How a job is accepted: read, planned, laid over the images, foreseen, and remembered.
#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "server/service/ask_work.hpp"
#include "server/service/job_door.hpp"
#include "server/service/job_engine.hpp"
#include "server/service/job_parameters.hpp"
#include "server/service/job_submission.hpp"

#include <memory>
#include <utility>

namespace recorte::service {

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

void JobEngine::keep(job::Job& job, const batch::Expanded& counted) {
  job.positions = counted.positions;
  job.products = counted.products;
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
  job.service = asker.principal.service;
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

}  // namespace recorte::service
