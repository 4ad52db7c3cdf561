// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/session.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <random>
#include <string>
#include <system_error>
#include <thread>

namespace recorte::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Status set_up(soci::session& session, const std::filesystem::path& file, milliseconds patience) {
  session << "pragma busy_timeout = " + std::to_string(patience.count());
  std::string mode;
  session << "pragma journal_mode = wal", soci::into(mode);
  if (mode != "wal")
    return fail(ErrorCode::kUnavailable,
                "the database " + file.string() +
                    " cannot have a write-ahead log there; put it on a local disk");
  session << "pragma synchronous = normal";
  return {};
}

}  // namespace

Trouble trouble_of(const soci::soci_error& error) {
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  if (!sqlite) return Trouble::kOther;
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

std::string_view reason_of(const soci::soci_error& error) {
  std::string_view text = error.what();
  text = text.substr(0, text.find(" while "));  // the statement and its values
  for (const std::string_view before : {"::prepare: ", "::loadOne: ", "to the database. "})
    if (const auto at = text.find(before); at != text.npos) text.remove_prefix(at + before.size());
  return text;
}

Error database_error(const soci::soci_error& error, const std::filesystem::path& file) {
  auto text = "the database " + file.string() + ": " + std::string(reason_of(error));
  switch (trouble_of(error)) {
    case Trouble::kBusy:
      return {ErrorCode::kUnavailable, text + "; end the program that keeps it locked"};
    case Trouble::kFull: return {ErrorCode::kUnavailable, text + "; make room"};
    case Trouble::kUnreachable:
      return {ErrorCode::kUnavailable, text + "; see that it and its directory may be written"};
    case Trouble::kBroken:
      return {ErrorCode::kData, text + "; move it away, or put a copy of it back"};
    case Trouble::kOther: break;
  }
  return {ErrorCode::kInternal, text};
}

Result<std::unique_ptr<soci::session>> open_sqlite(const std::filesystem::path& file,
                                                   milliseconds patience) {
  // Absolute: no name is then one of SQLite's own, as ":memory:".
  const auto path = std::filesystem::absolute(file);
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
      RECORTE_TRY(set_up(*session, path, patience));
      return session;
    } catch (const soci::soci_error& failed) {
      if (trouble_of(failed) != Trouble::kBusy || Clock::now() >= deadline)
        return fail(database_error(failed, path));
    }
    std::this_thread::sleep_for(milliseconds(1 + random() % 20));
  }
}

WriteTransaction::WriteTransaction(soci::session& session) : session_(session) {
  session_ << "begin immediate";
}

WriteTransaction::~WriteTransaction() {
  if (!open_) return;
  try {
    session_ << "rollback";
  } catch (const soci::soci_error&) {
    // SQLite has undone it already: a full disk, an error of reading.
  }
}

void WriteTransaction::commit() {
  session_ << "commit";
  open_ = false;
}

}  // namespace recorte::db
