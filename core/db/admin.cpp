// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/admin.hpp"

#include "core/base/calendar.hpp"
#include "core/db/copies.hpp"
#include "core/db/history.hpp"
#include "core/db/migrate.hpp"
#include "core/db/sessions.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>

namespace recorte::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 10s;
constexpr long long kBatch = 500;  // records in a transaction

std::string shown(int number, std::string_view name) {
  return std::to_string(number) + " " + std::string(name);
}

/// An SQLite file that is not there would be made.
Status expect_there(const Database& database) {
  std::error_code error;
  if (!database.embedded() || fs::exists(database.file(), error)) return {};
  return fail(ErrorCode::kNotFound, "there is no database " + database.name() +
                                        "; see --data and --config, or make it: recorte db "
                                        "migrate");
}

SchemaStatus status_of(const Schema& schema, const Database& database) {
  SchemaStatus out;
  const auto known = migrations();
  for (const auto& row : schema.applied) {
    const bool ours = row.number <= static_cast<int>(known.size());
    (ours ? out.applied : out.unknown).push_back(shown(row.number, row.name));
  }
  for (const auto& migration : known)
    if (migration.number > static_cast<int>(schema.applied.size()))
      out.lacking.push_back(shown(migration.number, migration.name));
  out.usable = check_schema(schema, database);
  return out;
}

/// Repeats a deletion of at most kBatch rows until none is left; how many went.
template <class Delete>
Result<std::int64_t> delete_all(Sessions& sessions, Delete delete_some) {
  std::int64_t all = 0;
  for (;;) {
    const Result<long long> some = sessions.write(
        [&](soci::session& session, bool) -> Result<long long> { return delete_some(session); });
    if (!some) return fail(some.error());
    all += *some;
    if (*some < kBatch) return all;
  }
}

}  // namespace

std::span<const std::string_view> tables() {
  static constexpr auto kTables = std::to_array<std::string_view>(
      {"migration", "migration_reach", "request", "job", "task", "ledger", "share", "run", "switch",
       "server", "account", "account_group", "identity", "former_account", "token", "permission",
       "session", "spent", "audit"});
  return kTables;
}

Result<SchemaStatus> schema_status(const Database& database) {
  RECORTE_TRY(expect_there(database));
  auto session = open_session(database, kPatience);
  if (!session) return fail(std::move(session).error());
  try {
    return status_of(read_schema(**session), database);
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
}

Status migrate_database(const Database& database) {
  auto session = open_session(database, kPatience);
  if (!session) return fail(std::move(session).error());
  return migrate(**session, database);
}

Status backup(const Database& database, const fs::path& copy) {
  RECORTE_TRY(expect_there(database));
  std::error_code error;
  if (fs::exists(copy, error))
    return fail(ErrorCode::kUsage, copy.string() + " exists; write the copy to another name");
  return database.embedded() ? copy_from_sqlite(database, copy)
                             : copy_from_postgresql(database, copy);
}

Status restore(const Database& database, const fs::path& copy, bool replace) {
  std::error_code error;
  if (!fs::is_regular_file(copy, error))
    return fail(ErrorCode::kNotFound, "there is no file " + copy.string());
  return database.embedded() ? copy_to_sqlite(database, copy, replace)
                             : copy_to_postgresql(database, copy, replace);
}

Result<Pruned> prune(const Database& database, Micros before) {
  RECORTE_TRY(expect_there(database));
  Sessions sessions(database, {.most = 1, .patience = kPatience});
  RECORTE_TRY(sessions.read(
      [&](soci::session& session) { return check_schema(read_schema(session), database); }));
  const auto jobs = delete_all(sessions, [&](soci::session& session) {
    const std::string old =
        "from job where phase = 'ARCHIVED' and created < :before order by created limit " +
        std::to_string(kBatch);
    session << "delete from task where job in (select id " + old + ")", soci::use(before);
    soci::statement remove =
        (session.prepare << "delete from job where id in (select id " + old +
                                ") and not exists (select 1 from task where job = id)",
         soci::use(before));
    remove.execute(true);
    return remove.get_affected_rows();
  });
  if (!jobs) return fail(jobs.error());
  const auto requests = delete_all(sessions, [&](soci::session& session) {
    soci::statement remove =
        (session.prepare << "delete from request where (time, id) in (select time, id from request "
                            "where time < :before order by time, id limit " +
                                std::to_string(kBatch) + ")",
         soci::use(before));
    remove.execute(true);
    return remove.get_affected_rows();
  });
  if (!requests) return fail(requests.error());
  auto history = History::open(database);
  if (!history) return fail(std::move(history).error());
  const auto runs = (*history)->forget(before);
  if (!runs) return fail(runs.error());
  // A job gives back to the day that it was charged on, and quotas count by months.
  const auto days = sessions.write([&](soci::session& session, bool) -> Result<std::int64_t> {
    const auto this_month = month_begin(day_of(clock_of(session)));
    const long long first = std::min(day_of(before), month_begin(this_month - 1));
    soci::statement remove =
        (session.prepare << "delete from ledger where day < :first", soci::use(first));
    remove.execute(true);
    return remove.get_affected_rows();
  });
  if (!days) return fail(days.error());
  return Pruned{*jobs, *requests, *runs, *days};
}

}  // namespace recorte::db
