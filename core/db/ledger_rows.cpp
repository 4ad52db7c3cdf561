// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/ledger_rows.hpp"

#include "core/base/calendar.hpp"
#include "core/base/utf8.hpp"
#include "core/db/session.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::db {
namespace {

/// "('PENDING', …)": those that have not ended. The names are ours.
std::string phases_not_ended() {
  std::string out;
  for (const auto name : job::kPhaseNames)
    if (!job::has_ended(*job::phase_from_name(name)))
      out += (out.empty() ? "('" : ", '") + std::string(name) + "'";
  return out + ")";
}

}  // namespace

void add_to_ledger(soci::session& session, const std::string& owner, std::int64_t day,
                   std::int64_t cutouts, std::int64_t work_us) {
  if (cutouts == 0 && work_us == 0) return;
  const long long first_cutouts = std::max<std::int64_t>(cutouts, 0);
  const long long first_work = std::max<std::int64_t>(work_us, 0);
  session << "insert into ledger (owner, day, cutouts, work_us) values (:owner, :day, :cutouts, "
             ":work) on conflict (owner, day) do update set "
             "cutouts = case when ledger.cutouts + :more < 0 then 0 else ledger.cutouts + :more2 "
             "end, "
             "work_us = ledger.work_us + :worked",
      soci::use(owner, "owner"), soci::use(day, "day"), soci::use(first_cutouts, "cutouts"),
      soci::use(first_work, "work"), soci::use(cutouts, "more"), soci::use(cutouts, "more2"),
      soci::use(work_us, "worked");
}

void settle_charge(soci::session& session, const JobRow& before, JobRow& after, Micros now) {
  const auto more = after.charged - before.charged;
  after.charged_day = more > 0 ? day_of(now) : before.charged_day;
  add_to_ledger(session, after.owner, after.charged_day, more, 0);
}

job::Usage read_ledger(soci::session& session, const std::optional<std::string>& owner,
                       Micros now) {
  const auto whose = good_utf8(owner.value_or(""));
  long long today = 0, month = 0, work = 0;
  const long long day = day_of(now), first = month_begin(day);
  soci::statement used(session);
  used.alloc();
  used.exchange(soci::into(today));
  used.exchange(soci::into(month));
  used.exchange(soci::into(work));
  used.exchange(soci::use(day, "today"));
  used.exchange(soci::use(day, "today2"));
  used.exchange(soci::use(first, "first"));
  if (owner) used.exchange(soci::use(whose, "owner"));
  used.prepare(
      std::string("select "
                  "cast(coalesce(sum(case when day = :today then cutouts else 0 end), 0) as "
                  "bigint), cast(coalesce(sum(cutouts), 0) as bigint), "
                  "cast(coalesce(sum(case when day = :today2 then work_us else 0 end), 0) as "
                  "bigint) from ledger where day >= :first") +
          (owner ? " and owner = :owner" : ""),
      soci::details::st_one_time_query);
  used.define_and_bind();
  used.execute(true);
  job::Usage out;
  out.cutouts_today = today;
  out.cutouts_this_month = month;
  out.work_us_today = work;
  out.time = now;
  return out;
}

job::Usage read_usage(soci::session& session, const std::optional<std::string>& owner, Micros now) {
  const auto whose = good_utf8(owner.value_or(""));
  auto out = read_ledger(session, owner, now);
  long long jobs = 0, bytes = 0, active = 0, running = 0;
  soci::statement held(session);
  held.alloc();
  held.exchange(soci::into(jobs));
  held.exchange(soci::into(bytes));
  held.exchange(soci::into(active));
  held.exchange(soci::into(running));
  if (owner) held.exchange(soci::use(whose, "owner"));
  static const std::string counts =
      "select count(*), cast(coalesce(sum(bytes), 0) as bigint), "
      "coalesce(sum(case when phase in " +
      phases_not_ended() +
      " then 1 else 0 end), 0), "
      "coalesce(sum(case when phase = 'EXECUTING' then 1 else 0 end), 0) from job "
      "where phase <> 'ARCHIVED'";
  held.prepare(counts + (owner ? " and owner = :owner" : ""), soci::details::st_one_time_query);
  held.define_and_bind();
  held.execute(true);
  out.jobs = jobs;
  out.bytes = bytes;
  out.active = active;
  out.running = running;
  return out;
}

double faded(double work_us, Micros then, Micros now, Micros half_life) {
  if (half_life <= 0) return work_us;
  const auto age = static_cast<double>(std::max<Micros>(now - then, 0));
  return work_us * std::exp2(-age / static_cast<double>(half_life));
}

void add_to_share(soci::session& session, const std::string& owner, std::int64_t work_us,
                  Micros now, Micros half_life) {
  double work = 0;
  long long time = now;
  session << "insert into share (owner, work_us, time) values (:owner, :work, :time) "
             "on conflict (owner) do nothing",
      soci::use(owner), soci::use(work), soci::use(time);
  session << "select work_us, time from share where owner = :owner" +
                 std::string(for_update(session)),
      soci::use(owner), soci::into(work), soci::into(time);
  work = faded(work, time, now, half_life) + static_cast<double>(work_us);
  time = std::max<long long>(time, now);
  session << "update share set work_us = :work, time = :time where owner = :owner", soci::use(work),
      soci::use(time), soci::use(owner);
}

}  // namespace recorte::db
