/// What every part of this folder does with a database: opening, writing in a transaction, saying
/// what went wrong. Here, and in sqlite.cpp and postgresql.cpp beneath, it is known which database
/// it is. Private to this folder; SOCI's headers are for the .cpp files.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/db/database.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace soci {
class session;
class soci_error;
}  // namespace soci

namespace recorte::db {

/// What a failed statement means for whoever sent it.
enum class Trouble {
  kBusy,         ///< somebody else writes; try again
  kLost,         ///< the connection is gone: open it anew. A commit may have come to pass
  kFull,         ///< no room
  kUnreachable,  ///< it cannot be opened, read or written
  kBroken,       ///< the file is no database, or a damaged one
  kOther,        ///< the statement is wrong, or does not fit the schema
};
Trouble trouble_of(const soci::soci_error& error);
/// The database's own words, on one line, without SOCI's and without the statement.
std::string reason_of(const soci::soci_error& error);
/// A sentence that names the database, the reason and the remedy: kUnavailable, kData where the
/// file is broken, kInternal for the rest.
Error database_error(const soci::soci_error& error, const Database& database);

/// What a commit to an SQLite file has outlived when it returns; one to PostgreSQL all that its
/// administrator says.
enum class Durability {
  kProcess,  ///< the end of the process; a power failure may take the last moments
  kMachine,  ///< a power failure too
};

/// Opens it: an SQLite file with a write-ahead log, made with its directory where needed. A
/// statement waits up to `patience` for others that write.
Result<std::unique_ptr<soci::session>> open_session(const Database& database,
                                                    std::chrono::milliseconds patience,
                                                    Durability durability = Durability::kProcess);

bool has_table(soci::session& session, const std::string& name);
/// Added to a select inside of a WriteTransaction: nobody changes these rows until it ends.
std::string_view for_update(soci::session& session);
/// The same, without the rows that somebody else holds so.
std::string_view for_update_of_free(soci::session& session);

/// The time for all who share the database: PostgreSQL's own, this machine's with an SQLite file.
Micros clock_of(soci::session& session);

/// What one transaction does at a time, of all programs.
enum class Turn {
  kSchema = 1,
  kAccept = 2,  ///< a job, or real-time cutouts, by what their owner has used
  kBegin = 3,   ///< a job, by how many of its owner run
};
/// Waits for it inside of a WriteTransaction, and has it until that ends.
void take_turn(soci::session& session, Turn turn);

/// Undoes what was not committed. On SQLite it takes the right to write at once, so that what is
/// read inside cannot change before the commit; on PostgreSQL only what is locked cannot. All of it
/// but the destructor throws soci::soci_error.
class WriteTransaction {
 public:
  explicit WriteTransaction(soci::session& session);
  ~WriteTransaction();
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  void commit();

 private:
  soci::session& session_;
  bool open_ = true;
};

}  // namespace recorte::db
