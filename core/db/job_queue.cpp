// SPDX-License-Identifier: BSD-3-Clause
//
// Which jobs wait and who works on them, of the job store.
#include "core/db/job_parts.hpp"
#include "core/db/ledger_rows.hpp"

#include <soci/soci.h>

#include <limits>
#include <map>
#include <utility>

namespace recorte::db {
namespace {

/// The columns that those see who choose the next.
struct QueuedRow {
  std::string id, owner, service, priority, owner_groups, phase, server, kind;
  long long place = 0, created = 0, queued = 0, products = 0, done = 0, lease = 0, low = 0,
            middle = 0, high = 0, bytes = 0;
  double pixels = 0;
};

Result<job::Queued> queued_of(const QueuedRow& row, const std::string& server, Micros now) {
  const auto phase = job::phase_from_name(row.phase);
  auto groups = names_of(row.owner_groups);
  if (!phase || !groups)
    return fail(ErrorCode::kData, "the record of job " + row.id +
                                      " is damaged: its phase or its groups are not as this "
                                      "program writes them");
  job::Queued out;
  out.id = row.id;
  out.owner = row.owner;
  out.service = row.service;
  out.priority = row.priority;
  out.groups = std::move(*groups);
  out.phase = *phase;
  out.place = row.place;
  out.created = row.created;
  out.queued = row.queued > 0 ? row.queued : row.created;  // of a program that did not know it
  out.products = row.products;
  out.done = row.done;
  out.server = row.server;
  out.lease = row.lease;
  out.free = row.server.empty() || row.server == server || row.lease <= now;
  out.prediction = {row.kind, row.pixels, row.low, row.middle, row.high, row.bytes};
  return out;
}

/// Of its owner's other jobs those that run, or that a server has taken and will begin.
std::int64_t running_besides(soci::session& session, const JobRow& job, Micros now) {
  const long long time = now;
  long long out = 0;
  session << "select count(*) from job where owner = :owner and id <> :id and (phase = 'EXECUTING' "
             "or (phase = 'QUEUED' and server <> '' and lease > :now))",
      soci::use(job.owner, "owner"), soci::use(job.id, "id"), soci::use(time, "now"),
      soci::into(out);
  return out;
}

}  // namespace

Result<std::vector<job::Queued>> JobStore::queue(const std::string& server,
                                                 std::int64_t per_owner) {
  return parts_->sessions.read([&](soci::session& session) -> Result<std::vector<job::Queued>> {
    const auto now = parts_->now(session);
    QueuedRow row;
    soci::statement select =
        (session.prepare
             << "select id, owner, service, priority, owner_groups, phase, server, kind, place, "
                "created, queued, products, done, lease, predicted_low_us, predicted_us, "
                "predicted_high_us, predicted_bytes, pixels from "
                "(select id, owner, service, priority, owner_groups, phase, server, kind, place, "
                "created, queued, products, lease, predicted_low_us, predicted_us, "
                "predicted_high_us, predicted_bytes, pixels, "
                "ok + partial + no_coverage + failed as done, "
                "case when phase = 'EXECUTING' then 0 else 1 end as waits, row_number() over "
                "(partition by owner, service, priority order by case when phase = 'EXECUTING' "
                "then 0 else 1 end, place desc, created) as at from job "
                "where phase in ('QUEUED', 'EXECUTING')) as waiting "
                "where at <= :most order by owner, waits, place desc, created",
         soci::use(per_owner), soci::into(row.id), soci::into(row.owner), soci::into(row.service),
         soci::into(row.priority), soci::into(row.owner_groups), soci::into(row.phase),
         soci::into(row.server), soci::into(row.kind), soci::into(row.place),
         soci::into(row.created), soci::into(row.queued), soci::into(row.products),
         soci::into(row.done), soci::into(row.lease), soci::into(row.low), soci::into(row.middle),
         soci::into(row.high), soci::into(row.bytes), soci::into(row.pixels));
    std::vector<job::Queued> out;
    for (bool more = select.execute(true); more; more = select.fetch()) {
      auto queued = queued_of(row, server, now);
      if (!queued) return fail(std::move(queued).error());
      out.push_back(std::move(*queued));
    }
    return out;
  });
}

Result<std::optional<job::Job>> JobStore::claim(std::string_view id, const std::string& server,
                                                Micros lease, std::int64_t most_running) {
  const bool bound = most_running < std::numeric_limits<std::int64_t>::max();
  const std::string wanted(id);
  return parts_->sessions.write(
      [&](soci::session& session, bool) -> Result<std::optional<job::Job>> {
        if (bound) take_turn(session, Turn::kBegin);
        const auto now = parts_->now(session);
        const auto rows =
            select_jobs(session,
                        "where id = :wanted and phase in ('QUEUED', 'EXECUTING') and "
                        "(server = '' or server = :mine or lease <= " +
                            std::to_string(now) + ")" + std::string(for_update_of_free(session)),
                        [&](soci::statement& statement) {
                          statement.exchange(soci::use(wanted, "wanted"));
                          statement.exchange(soci::use(server, "mine"));
                        });
        if (rows.empty()) return std::optional<job::Job>();
        auto row = rows.front();
        const bool begun = row.phase == name_of(job::Phase::kExecuting) ||
                           (row.server == server && row.lease > now);
        if (bound && !begun && running_besides(session, row, now) >= most_running)
          return std::optional<job::Job>();
        row.server = server;
        row.lease = now + lease;
        session << "update job set server = :server, lease = :lease where id = :id",
            soci::use(row.server), soci::use(row.lease), soci::use(row.id);
        return job_of(row).map([](job::Job job) { return std::optional(std::move(job)); });
      });
}

Status JobStore::renew(const std::string& server, Micros lease) {
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    const auto until = parts_->now(session) + lease;
    session << "update job set lease = :lease where server = :server and phase in ('QUEUED', "
               "'EXECUTING')",
        soci::use(until), soci::use(server);
    return {};
  });
}

Result<std::vector<job::HeldByQuota>> JobStore::held_by_quota() {
  return parts_->sessions.read(
      [&](soci::session& session) -> Result<std::vector<job::HeldByQuota>> {
        const auto now = parts_->now(session);
        job::HeldByQuota held;
        long long until = 0;
        soci::statement select =
            (session.prepare << "select id, owner, hold_until from job where hold = 'quota' and "
                                "phase = 'HELD' order by created",
             soci::into(held.id), soci::into(held.owner), soci::into(until));
        std::vector<job::HeldByQuota> out;
        for (bool more = select.execute(true); more; more = select.fetch()) {
          held.renewed = until <= now;
          out.push_back(held);
        }
        return out;
      });
}

Result<job::Usage> JobStore::usage(const std::optional<std::string>& owner) {
  return parts_->sessions.read([&](soci::session& session) -> Result<job::Usage> {
    return read_usage(session, owner, parts_->now(session));
  });
}

Result<std::map<std::string, double>> JobStore::shares() {
  return parts_->sessions.read(
      [&](soci::session& session) -> Result<std::map<std::string, double>> {
        const auto now = parts_->now(session);
        std::string owner;
        double work = 0;
        long long time = 0;
        soci::statement select = (session.prepare << "select owner, work_us, time from share",
                                  soci::into(owner), soci::into(work), soci::into(time));
        std::map<std::string, double> out;
        for (bool more = select.execute(true); more; more = select.fetch())
          out[owner] = faded(work, time, now, parts_->half_life);
        return out;
      });
}

}  // namespace recorte::db
