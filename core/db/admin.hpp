/// What `recorte db` does: the schema of a database, copies of it, and what is old in it. Each
/// opens the database for itself.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/db/database.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::db {

struct SchemaStatus {
  std::vector<std::string> applied;  ///< "1 request", …
  std::vector<std::string> lacking;  ///< that this program has, and the database has not
  std::vector<std::string> unknown;  ///< that a newer program has applied
  Status usable;                     ///< whether this program works with it; else why not
};
/// Changes nothing; kNotFound where there is no such file.
Result<SchemaStatus> schema_status(const Database& database);
/// To this program's schema.
Status migrate_database(const Database& database);

/// A consistent copy while the database is in use, checked, in a new file: SQLite's own format, or
/// pg_dump's. kUsage where the file exists, kUnavailable where pg_dump is not there or fails.
Status backup(const Database& database, const std::filesystem::path& copy);
/// Puts a copy in the place of what is there. kUsage where something is and `replace` does not say
/// so, kUnavailable where an SQLite file is in use; kData where the copy is none, or damaged, or of
/// a schema that this program cannot work with. What was there stays where it cannot be done.
Status restore(const Database& database, const std::filesystem::path& copy, bool replace);

struct Pruned {
  std::int64_t jobs = 0, requests = 0, runs = 0, days = 0;
};
/// Forgets jobs that are ARCHIVED and were made before, requests that came and runs that ended
/// before that, and days of the ledger that are over since; none of this month or the one before.
Result<Pruned> prune(const Database& database, Micros before);

}  // namespace recorte::db
