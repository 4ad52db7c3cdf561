// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/migrate.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <algorithm>

namespace recorte::db {
namespace {

struct Applied {
  int number = 0;
  std::string name, checksum;
};

std::string named(int number, std::string_view name) {
  return "migration " + std::to_string(number) + " '" + std::string(name) + "'";
}

auto refuse(const std::filesystem::path& file, const std::string& sentence) {
  return fail(ErrorCode::kData, "the database " + file.string() + " " + sentence);
}

std::vector<Applied> read_applied(soci::session& session) {
  session << "create table if not exists migration ("
             "number integer not null primary key, name text not null, checksum text not null, "
             "applied bigint not null)";
  std::vector<Applied> out;
  Applied row;
  soci::statement select =
      (session.prepare << "select number, name, checksum from migration order by number",
       soci::into(row.number), soci::into(row.name), soci::into(row.checksum));
  for (bool more = select.execute(true); more; more = select.fetch()) out.push_back(row);
  return out;
}

Status check_applied(const std::vector<Applied>& applied, std::span<const Migration> known,
                     const std::filesystem::path& file) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const auto& row = applied[i];
    if (i >= known.size())
      return refuse(file, "has the " + named(row.number, row.name) +
                              ", which this program does not know; use a program at least as new "
                              "as the one that wrote it");
    if (row.number != known[i].number || row.checksum != known[i].checksum)
      return refuse(file, "has the " + named(row.number, row.name) +
                              " where this program has the " +
                              named(known[i].number, known[i].name) +
                              " of other contents; use the program that wrote it, or move the "
                              "database away");
  }
  return {};
}

void apply(soci::session& session, const Migration& migration) {
  for (const auto& statement : split_statements(migration.sql)) session << statement;
  const std::string name(migration.name);
  const std::string checksum(migration.checksum);
  const Micros now = now_micros();
  session << "insert into migration (number, name, checksum, applied) "
             "values (:number, :name, :checksum, :applied)",
      soci::use(migration.number), soci::use(name), soci::use(checksum), soci::use(now);
}

}  // namespace

Status migrate(soci::session& session, const std::filesystem::path& file,
               std::span<const Migration> known) {
  for (bool more = true; more;) {
    std::string doing = "has a table 'migration' that is not this program's";
    try {
      WriteTransaction transaction(session);
      const auto applied = read_applied(session);
      RECORTE_TRY(check_applied(applied, known, file));
      if (applied.size() < known.size()) {
        const auto& next = known[applied.size()];
        doing = "cannot take the " + named(next.number, next.name);
        apply(session, next);
      }
      transaction.commit();
      more = applied.size() + 1 < known.size();
    } catch (const soci::soci_error& error) {
      if (trouble_of(error) != Trouble::kOther) return fail(database_error(error, file));
      return refuse(
          file, doing + " (" + std::string(reason_of(error)) + "); move it away, or use another");
    }
  }
  return {};
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
