// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/backend.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <random>
#include <string>
#include <system_error>
#include <thread>

namespace recorte::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Status set_up(soci::session& session, const Database& database, milliseconds patience,
              Durability durability) {
  session << "pragma busy_timeout = " + std::to_string(patience.count());
  std::string mode;
  session << "pragma journal_mode = wal", soci::into(mode);
  if (mode != "wal")
    return fail(ErrorCode::kUnavailable,
                "the database " + database.name() +
                    " cannot have a write-ahead log there; put it on a local disk");
  session << (durability == Durability::kMachine ? "pragma synchronous = full"
                                                 : "pragma synchronous = normal");
  session << "pragma foreign_keys = on";
  return {};
}

}  // namespace

Opened open_sqlite(const Database& database, milliseconds patience, Durability durability) {
  const auto& path = database.file();  // absolute: no name is then SQLite's own, as ":memory:"
  if (path.string().find('"') != std::string::npos)
    return fail(ErrorCode::kUsage,
                "the database " + path.string() + " has a quote in its name; rename it");
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error)
    return fail(ErrorCode::kUnavailable, "cannot make the directory " +
                                             path.parent_path().string() + ": " + error.message());
  // SQLite does not wait while the write-ahead log is first made, or mended.
  std::minstd_rand random{std::random_device{}()};
  for (const auto deadline = Clock::now() + patience;;) {
    try {
      auto session = std::make_unique<soci::session>(soci::sqlite3, "db=\"" + path.string() + "\"");
      RECORTE_TRY(set_up(*session, database, patience, durability));
      return session;
    } catch (const soci::soci_error& failed) {
      if (trouble_of(failed) != Trouble::kBusy || Clock::now() >= deadline)
        return fail(database_error(failed, database));
    }
    std::this_thread::sleep_for(milliseconds(1 + random() % 20));
  }
}

std::optional<Trouble> sqlite_trouble(const soci::soci_error& error) {
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  if (!sqlite) return {};
  switch (sqlite->result() & 0xFF) {  // what is above says more of the same
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Trouble::kBusy;
    case SQLITE_FULL: return Trouble::kFull;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
    case SQLITE_READONLY: return Trouble::kUnreachable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Trouble::kBroken;
    default: return Trouble::kOther;
  }
}

}  // namespace recorte::db
