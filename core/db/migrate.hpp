/// The schema of a database and this program's: the files of migrations/, embedded, applied in
/// order and once. Forward only.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/db/database.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soci {
class session;
}

namespace recorte::db {

struct Migration {
  int number;  ///< from 1, without a gap
  std::string_view name;
  std::string_view checksum;  ///< SHA-256 of the file
  std::string_view sql;
  /// The newest migration of a program that works with this one, too, though it does not know it:
  /// of the line "-- works with: N". A file without it needs a program that has it.
  int works_with = number;
};

/// This program's, in order.
std::span<const Migration> migrations();

/// The oldest schema that this program's statements work with: it has jobs that wait
/// for their turn.
inline constexpr int kOldestSchema = 3;

/// What a database has, beside what a program knows.
struct Schema {
  struct Row {
    int number = 0;
    std::string name, checksum;
    int works_with = 0;
  };
  std::vector<Row> applied;  ///< by number
};
/// Changes nothing; a database without a schema has none applied.
Schema read_schema(soci::session& session);

/// Whether a program that knows `known`, and works with `oldest` and newer, can use the schema.
/// kData says why not, and the remedy; kUnavailable where it has to be migrated.
Status check_schema(const Schema& schema, const Database& database,
                    std::span<const Migration> known = migrations(), int oldest = kOldestSchema);

/// Applies what `session` lacks of `known`, each in a transaction of its own, and records it in the
/// table `migration`. Processes that start at once wait for each other. kData names the database
/// where it has a migration that is not among `known` and does not say that it works with them, or
/// another one of that number, or what a migration makes.
Status migrate(soci::session& session, const Database& database,
               std::span<const Migration> known = migrations());

/// What a program does first: an embedded database is migrated, of another the schema is checked.
Status open_schema(const Database& database, std::chrono::milliseconds patience);

/// The statements of a file: they end with ";", and "--" begins a comment.
std::vector<std::string> split_statements(std::string_view sql);

}  // namespace recorte::db
