// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/marks.hpp"

#include "core/job/charge.hpp"

#include <functional>

namespace recorte::batch {
namespace {

constexpr Micros kSecond = 1'000'000;

/// The phase that follows, and what the end of a job means for its record.
Status move(job::Job& job, job::Move by) {
  if (job.phase == job::Phase::kHeld)
    return fail(ErrorCode::kForbidden, "the job " + job.id + " is held, and goes on later");
  auto phase = job::moved(job.phase, by);
  if (!phase) return fail(std::move(phase).error());
  job.phase = *phase;
  if (!job::has_ended(job.phase)) return {};
  job.ended = now_micros();
  return {};
}

/// A change by whoever claimed `job`: a server that was frozen past its lease may find that another
/// one has it by now, whose work it is not to end.
Result<job::Job> change(job::Store& store, const job::Job& job,
                        const std::function<Status(job::Job&)>& edit) {
  return store.change(job.id, [&](job::Job& there) -> Status {
    if (there.server != job.server)
      return fail(ErrorCode::kForbidden, "another server works on the job '" + job.id + "'");
    return edit(there);
  });
}

}  // namespace

Result<job::Job> mark_started(job::Store& store, const job::Job& ours, std::int64_t positions,
                              std::int64_t products) {
  return change(store, ours, [&](job::Job& job) -> Status {
    if (job.phase != job::Phase::kExecuting) {
      job.started = now_micros();
      job.tally.failed = 0;
    }
    RECORTE_TRY(move(job, job::Move::kStart));
    job.ended = 0;
    if (positions > 0) job.positions = positions;
    job.products = products;
    job.charged += job::charge_of_run(job);
    return {};
  });
}

Result<job::Job> mark_completed(job::Store& store, const job::Job& ours, const job::Tally& tally) {
  return change(store, ours, [&](job::Job& job) -> Status {
    RECORTE_TRY(move(job, job::Move::kComplete));
    job.tally = tally;
    job.error.reset();
    return {};
  });
}

Result<job::Job> mark_failed(job::Store& store, const job::Job& ours, const Error& error) {
  return change(store, ours, [&](job::Job& job) -> Status {
    RECORTE_TRY(move(job, job::Move::kFail));
    job.error = error;
    return {};
  });
}

Result<job::Job> mark_held(job::Store& store, const job::Job& ours, const Error& why) {
  return change(store, ours, [&](job::Job& job) -> Status {
    RECORTE_TRY(move(job, job::Move::kHold));
    job.hold = job::Hold::kAdmin;
    job.error = why;
    return {};
  });
}

Result<job::Job> mark_groups(job::Store& store, const job::Job& ours,
                             const std::vector<std::string>& groups) {
  return change(store, ours, [&](job::Job& job) -> Status {
    job.groups = groups;
    return {};
  });
}

bool has_overrun(const job::Job& job, Micros now) {
  return job.phase == job::Phase::kExecuting && job.execution_seconds > 0 &&
         now >= job.started + job.execution_seconds * kSecond;
}

Result<job::Job> mark_overrun(job::Store& store, const job::Job& ours) {
  const auto sentence = "the job ran for the " + std::to_string(ours.execution_seconds) +
                        " seconds that it may (EXECUTIONDURATION); what is made is kept: allow "
                        "more and run it again for the rest";
  return change(store, ours, [&](job::Job& job) -> Status {
    RECORTE_TRY(move(job, job::Move::kAbort));
    job.error = Error{ErrorCode::kTimeout, sentence};
    return {};
  });
}

}  // namespace recorte::batch
