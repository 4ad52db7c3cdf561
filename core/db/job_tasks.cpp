// SPDX-License-Identifier: BSD-3-Clause
//
// The tasks of jobs, of the job store.
#include "core/base/calendar.hpp"
#include "core/db/job_parts.hpp"
#include "core/db/ledger_rows.hpp"
#include "core/job/charge.hpp"

#include <soci/soci.h>

#include <utility>

namespace recorte::db {
namespace {

struct TaskRow {
  long long number = 0, first = 0, items = 0, ok = 0, partial = 0, no_coverage = 0, failed = 0,
            bytes = 0, work_us = 0;
  int done = 0;
};

TaskRow row_of(const job::Task& task) {
  const auto& t = task.tally;
  return {task.number,   task.first, task.count, t.ok,      t.partial,
          t.no_coverage, t.failed,   t.bytes,    t.work_us, task.done ? 1 : 0};
}

job::Task task_of(const TaskRow& row) {
  return {row.number,
          row.first,
          row.items,
          row.done != 0,
          {row.ok, row.partial, row.no_coverage, row.failed, row.bytes, row.work_us}};
}

void add_to_job(JobRow& row, const job::Tally& tally) {
  row.ok += tally.ok;
  row.partial += tally.partial;
  row.no_coverage += tally.no_coverage;
  row.failed += tally.failed;
  row.bytes += tally.bytes;
  row.work_us += tally.work_us;
  ++row.version;
}

/// What is made after the job has ended was under way then, and is charged, too.
Status charge_late(const JobRow& before, JobRow& after) {
  const auto was = job_of(before);
  if (!was) return fail(was.error());
  const auto is = job_of(after);
  if (!is) return fail(is.error());
  if (job::has_ended(is->phase))
    after.charged += job::chargeable_made(*is) - job::chargeable_made(*was);
  return {};
}

/// Those whose number is there already stay as they are.
void insert_tasks(soci::session& session, const std::string& job,
                  std::span<const job::Task> tasks) {
  TaskRow row;
  soci::statement insert =
      (session.prepare << "insert into task (job, number, first, items, done, ok, partial, "
                          "no_coverage, failed, bytes, work_us) values (:job, :number, :first, "
                          ":items, :done, :ok, :partial, :no_coverage, :failed, :bytes, "
                          ":work_us) on conflict (job, number) do nothing",
       soci::use(job), soci::use(row.number), soci::use(row.first), soci::use(row.items),
       soci::use(row.done), soci::use(row.ok), soci::use(row.partial), soci::use(row.no_coverage),
       soci::use(row.failed), soci::use(row.bytes), soci::use(row.work_us));
  for (const auto& task : tasks) {
    row = row_of(task);
    insert.execute(true);
  }
}

}  // namespace

Status JobStore::add_tasks(std::string_view id, std::span<const job::Task> tasks) {
  const std::string wanted(id);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    if (const auto job = row_with_id(session, wanted, for_update(session)); !job)
      return fail(job.error());
    insert_tasks(session, wanted, tasks);
    return {};
  });
}

Result<std::vector<job::Task>> JobStore::tasks(std::string_view id) {
  const std::string wanted(id);
  return parts_->sessions.read([&](soci::session& session) -> Result<std::vector<job::Task>> {
    TaskRow row;
    soci::statement select =
        (session.prepare << "select number, first, items, done, ok, partial, no_coverage, failed, "
                            "bytes, work_us from task where job = :job order by number",
         soci::use(wanted), soci::into(row.number), soci::into(row.first), soci::into(row.items),
         soci::into(row.done), soci::into(row.ok), soci::into(row.partial),
         soci::into(row.no_coverage), soci::into(row.failed), soci::into(row.bytes),
         soci::into(row.work_us));
    std::vector<job::Task> out;
    for (bool more = select.execute(true); more; more = select.fetch()) out.push_back(task_of(row));
    if (out.empty())
      if (const auto job = row_with_id(session, wanted); !job) return fail(job.error());
    return out;
  });
}

Result<job::Job> JobStore::finish_task(std::string_view id, std::int64_t number,
                                       const job::Tally& tally, const std::string& server,
                                       const job::Task* rest) {
  const std::string wanted(id);
  bool told = false;
  auto finished = parts_->sessions.write([&](soci::session& session, bool) -> Result<job::Job> {
    told = false;
    auto job = row_with_id(session, wanted, for_update(session));
    if (!job) return fail(std::move(job).error());
    int done = -1;
    session << "select done from task where job = :job and number = :number", soci::use(wanted),
        soci::use(number), soci::into(done);
    if (done < 0)
      return fail(ErrorCode::kNotFound,
                  "job '" + wanted + "' has no task " + std::to_string(number));
    if (done > 0) return job_of(*job);
    if (job->server != server)
      return fail(ErrorCode::kForbidden, "another server works on the job '" + wanted + "'");
    if (rest) insert_tasks(session, wanted, {rest, 1});
    session << "update task set done = 1, ok = :ok, partial = :partial, no_coverage = "
               ":no_coverage, failed = :failed, bytes = :bytes, work_us = :work_us "
               "where job = :job and number = :number",
        soci::use(tally.ok), soci::use(tally.partial), soci::use(tally.no_coverage),
        soci::use(tally.failed), soci::use(tally.bytes), soci::use(tally.work_us),
        soci::use(wanted), soci::use(number);
    const auto before = *job;
    add_to_job(*job, tally);
    RECORTE_TRY(charge_late(before, *job));
    const auto now = parts_->now(session);
    settle_charge(session, before, *job, now);
    update_job(session, *job);
    add_to_ledger(session, job->owner, day_of(now), 0, tally.work_us);
    add_to_share(session, job->owner, tally.work_us, now, parts_->half_life);
    parts_->news.changed(session, wanted);
    told = true;
    return job_of(*job);
  });
  if (finished && told) parts_->news.committed(wanted);
  return finished;
}

}  // namespace recorte::db
