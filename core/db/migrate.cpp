// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/migrate.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <algorithm>

namespace recorte::db {
namespace {

std::string named(int number, std::string_view name) {
  return "migration " + std::to_string(number) + " '" + std::string(name) + "'";
}

auto refuse(const Database& database, const std::string& sentence) {
  return fail(ErrorCode::kData, "the database " + database.name() + " " + sentence);
}

/// That what both have is the same, and that what the program does not know works with it.
Status check_applied(const Schema& schema, std::span<const Migration> known,
                     const Database& database) {
  for (std::size_t i = 0; i < schema.applied.size(); ++i) {
    const auto& row = schema.applied[i];
    if (i >= known.size()) {
      if (row.works_with <= static_cast<int>(known.size())) continue;
      return refuse(database, "has the " + named(row.number, row.name) +
                                  ", which this program does not know; use a program at least as "
                                  "new as the one that wrote it");
    }
    if (row.number != known[i].number || row.checksum != known[i].checksum)
      return refuse(database, "has the " + named(row.number, row.name) +
                                  " where this program has the " +
                                  named(known[i].number, known[i].name) +
                                  " of other contents; use the program that wrote it, or move the "
                                  "database away");
  }
  return {};
}

void make_tables(soci::session& session) {
  session << "create table if not exists migration ("
             "number integer not null primary key, name text not null, checksum text not null, "
             "applied bigint not null)";
  // Beside it, as databases are about that have the first alone.
  session << "create table if not exists migration_reach ("
             "number integer not null primary key, works_with integer not null)";
}

void apply(soci::session& session, const Migration& migration) {
  for (const auto& statement : split_statements(migration.sql)) session << statement;
  const std::string name(migration.name);
  const std::string checksum(migration.checksum);
  const Micros now = now_micros();
  session << "insert into migration (number, name, checksum, applied) "
             "values (:number, :name, :checksum, :applied)",
      soci::use(migration.number), soci::use(name), soci::use(checksum), soci::use(now);
  session << "insert into migration_reach (number, works_with) values (:number, :works_with)",
      soci::use(migration.number), soci::use(migration.works_with);
}

}  // namespace

Schema read_schema(soci::session& session) {
  Schema out;
  if (!has_table(session, "migration")) return out;
  const std::string columns = "select m.number, m.name, m.checksum, ";
  const bool reach = has_table(session, "migration_reach");
  Schema::Row row;
  soci::statement select =
      (session.prepare << columns +
                              (reach ? "coalesce(r.works_with, m.number) from migration m "
                                       "left join migration_reach r on r.number = m.number "
                                     : "m.number from migration m ") +
                              "order by m.number",
       soci::into(row.number), soci::into(row.name), soci::into(row.checksum),
       soci::into(row.works_with));
  for (bool more = select.execute(true); more; more = select.fetch()) out.applied.push_back(row);
  return out;
}

Status check_schema(const Schema& schema, const Database& database,
                    std::span<const Migration> known, int oldest) {
  RECORTE_TRY(check_applied(schema, known, database));
  if (static_cast<int>(schema.applied.size()) >= oldest) return {};
  return fail(ErrorCode::kUnavailable,
              "the database " + database.name() + " has the schema " +
                  std::to_string(schema.applied.size()) + ", and this program needs " +
                  std::to_string(oldest) +
                  " or newer; run `recorte db migrate` with the same --config or --data");
}

Status migrate(soci::session& session, const Database& database, std::span<const Migration> known) {
  for (bool more = true; more;) {
    std::string doing = "has a table 'migration' that is not this program's";
    try {
      WriteTransaction transaction(session);
      take_turn(session, Turn::kSchema);
      make_tables(session);
      const auto applied = read_schema(session);
      RECORTE_TRY(check_applied(applied, known, database));
      const auto count = applied.applied.size();
      if (count < known.size()) {
        doing = "cannot take the " + named(known[count].number, known[count].name);
        apply(session, known[count]);
      }
      transaction.commit();
      more = count + 1 < known.size();
    } catch (const soci::soci_error& error) {
      if (trouble_of(error) != Trouble::kOther) return fail(database_error(error, database));
      return refuse(database, doing + " (" + reason_of(error) + "); move it away, or use another");
    }
  }
  return {};
}

Status open_schema(const Database& database, std::chrono::milliseconds patience) {
  auto session = open_session(database, patience);
  if (!session) return fail(std::move(session).error());
  if (database.embedded()) return migrate(**session, database);
  try {
    return check_schema(read_schema(**session), database);
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
}

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> out;
  std::string statement;
  const auto end = [&] {
    if (const auto text = trim(statement); !text.empty()) out.emplace_back(text);
    statement.clear();
  };
  while (!sql.empty()) {
    const char c = sql.front();
    std::size_t length = 1;
    if (sql.starts_with("--")) {
      sql.remove_prefix(std::min(sql.find('\n'), sql.size()));
      continue;
    }
    if (c == '\'' || c == '"') length = std::min(sql.find(c, 1), sql.size() - 1) + 1;
    if (c == ';') {
      end();
    } else {
      statement += sql.substr(0, length);
    }
    sql.remove_prefix(length);
  }
  end();
  return out;
}

}  // namespace recorte::db
