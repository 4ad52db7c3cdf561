// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/copies.hpp"
#include "core/db/migrate.hpp"
#include "core/db/program.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <chrono>
#include <system_error>
#include <vector>

namespace recorte::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

}  // namespace

Status copy_from_postgresql(const Database& database, const fs::path& copy) {
  const auto draft = copy.string() + ".new";
  std::vector<std::string> words{"pg_dump",         "--format=custom", "--no-owner",
                                 "--no-privileges", "--no-password",   "--strict-names",
                                 "--file=" + draft};
  for (const auto table : tables()) words.push_back("--table=" + std::string(table));
  auto status = run_on(database, words);
  if (status) status = publish(draft, copy);
  std::error_code ignored;
  if (!status) fs::remove(draft, ignored);
  return status;
}

Status copy_to_postgresql(const Database& database, const fs::path& copy, bool replace) {
  auto session = open_session(database, kPatience);
  if (!session) return fail(std::move(session).error());
  bool there = false;
  try {
    there = has_table(**session, "migration");
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
  if (there && !replace)
    return fail(ErrorCode::kUsage, "there are records in the database " + database.name() +
                                       " already; --replace puts the copy in their place");
  std::vector<std::string> words{"pg_restore",
                                 "--single-transaction",
                                 "--exit-on-error",
                                 "--no-owner",
                                 "--no-privileges",
                                 "--no-password",
                                 "--dbname=" + database_name(database)};
  if (replace) words.insert(words.end(), {"--clean", "--if-exists"});
  words.push_back(copy.string());
  RECORTE_TRY(run_on(database, words));
  try {
    return check_schema(read_schema(**session), database, migrations(), 1);
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
}

}  // namespace recorte::db
