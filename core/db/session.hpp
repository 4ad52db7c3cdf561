/// What every part of this folder does with a database: opening, writing in a transaction, saying
/// what went wrong. Private to this folder; SOCI's headers are for the .cpp files.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string_view>

namespace soci {
class session;
class soci_error;
}  // namespace soci

namespace recorte::db {

/// What a failed statement means for whoever sent it.
enum class Trouble {
  kBusy,         ///< somebody else writes; try again
  kFull,         ///< no room
  kUnreachable,  ///< the file cannot be opened, read or written
  kBroken,       ///< the file is no database, or a damaged one
  kOther,        ///< the statement is wrong, or does not fit the schema
};
Trouble trouble_of(const soci::soci_error& error);
/// The database's own words, without SOCI's.
std::string_view reason_of(const soci::soci_error& error);
/// A sentence that names the file, the reason and the remedy: kUnavailable, kData where the file is
/// broken, kInternal for the rest.
Error database_error(const soci::soci_error& error, const std::filesystem::path& file);

/// Opens an SQLite file with a write-ahead log, making it and its directory where needed. A
/// statement waits up to `patience` for others that write. A process that dies loses nothing that
/// was committed; a power failure may lose the last moments, and leaves the file whole.
Result<std::unique_ptr<soci::session>> open_sqlite(const std::filesystem::path& file,
                                                   std::chrono::milliseconds patience);

/// Takes the right to write at once, so that what is read inside cannot change before the commit.
/// Both throw soci::soci_error.
class WriteTransaction {
 public:
  explicit WriteTransaction(soci::session& session);
  /// Undoes what was not committed.
  ~WriteTransaction();
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  void commit();

 private:
  soci::session& session_;
  bool open_ = true;
};

}  // namespace recorte::db
