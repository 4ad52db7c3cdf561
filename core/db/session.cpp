// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/session.hpp"

#include "core/base/text.hpp"
#include "core/db/backend.hpp"

#include <soci/soci.h>

namespace recorte::db {

Trouble trouble_of(const soci::soci_error& error) {
  if (const auto trouble = sqlite_trouble(error)) return *trouble;
  return postgresql_trouble(error).value_or(Trouble::kOther);
}

std::string reason_of(const soci::soci_error& error) {
  std::string_view text = error.what();
  text = text.substr(0, text.find(" while "));  // the statement and its values
  for (const std::string_view before :
       {"::prepare: ", "::loadOne: ", "to the database. ", "to the database.\n", "query. ",
        "statement. ", "transaction. ", "ERROR:  ", "FATAL:  "})
    if (const auto at = text.find(before); at != text.npos) text.remove_prefix(at + before.size());
  // PostgreSQL says more on further lines: where in the statement, and values.
  const auto line = trim(text.substr(0, text.find('\n')));
  return std::string(line.empty() ? trim(text) : line);
}

Error database_error(const soci::soci_error& error, const Database& database) {
  auto text = "the database " + database.name() + ": " + reason_of(error);
  switch (trouble_of(error)) {
    case Trouble::kBusy:
      return {ErrorCode::kUnavailable,
              text + (database.embedded() ? "; end the program that keeps it locked"
                                          : "; see who keeps it locked in pg_stat_activity")};
    case Trouble::kLost: return {ErrorCode::kUnavailable, text + "; see that it runs"};
    case Trouble::kFull: return {ErrorCode::kUnavailable, text + "; make room"};
    case Trouble::kUnreachable:
      return {ErrorCode::kUnavailable,
              text + (database.embedded() ? "; see that it and its directory may be written"
                                          : "; see its log, and what its user may do")};
    case Trouble::kBroken:
      return {ErrorCode::kData, text + "; move it away, or put a copy of it back"};
    case Trouble::kOther: break;
  }
  return {ErrorCode::kInternal, text};
}

Result<std::unique_ptr<soci::session>> open_session(const Database& database,
                                                    std::chrono::milliseconds patience,
                                                    Durability durability) {
  return database.embedded() ? open_sqlite(database, patience, durability)
                             : open_postgresql(database, patience);
}

bool has_table(soci::session& session, const std::string& name) {
  std::string found;
  session << (is_postgresql(session)
                  ? "select coalesce(cast(to_regclass(:name) as text), '')"
                  : "select coalesce(max(name), '') from sqlite_master where type = 'table' and "
                    "name = :name"),
      soci::use(name), soci::into(found);
  return !found.empty();
}

std::string_view for_update(soci::session& session) {
  return is_postgresql(session) ? " for update" : "";
}

std::string_view for_update_of_free(soci::session& session) {
  return is_postgresql(session) ? " for update skip locked" : "";
}

Micros clock_of(soci::session& session) {
  if (!is_postgresql(session)) return now_micros();
  long long now = 0;
  session << "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)",
      soci::into(now);
  return now;
}

void take_turn(soci::session& session, Turn turn) {
  if (!is_postgresql(session)) return;                  // it is the writers' turn alone
  constexpr long long kOurs = 0x7265636f727465LL << 8;  // "recorte", among other programs' locks
  const long long key = kOurs | static_cast<long long>(turn);
  std::string nothing;
  session << "select cast(pg_advisory_xact_lock(:key) as text)", soci::use(key),
      soci::into(nothing);
}

WriteTransaction::WriteTransaction(soci::session& session) : session_(session) {
  session_ << (is_postgresql(session) ? "begin" : "begin immediate");
}

WriteTransaction::~WriteTransaction() {
  if (!open_) return;
  try {
    session_ << "rollback";
  } catch (const soci::soci_error&) {
    // It has been undone already: a full disk, an error of reading, a connection that is gone.
  }
}

void WriteTransaction::commit() {
  session_ << "commit";
  open_ = false;
}

}  // namespace recorte::db
