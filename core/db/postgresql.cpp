// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/backend.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <string>

namespace recorte::db {
namespace {

/// The beginnings of SQLSTATE that are no kOther (PostgreSQL 15, appendix A). "  " is libpq's own
/// failure: nobody answers at the other end.
struct State {
  std::string_view prefix;
  Trouble trouble;
};
constexpr std::array kStates{
    State{"40001", Trouble::kBusy},         // serialization failure
    State{"40P01", Trouble::kBusy},         // deadlock
    State{"55P03", Trouble::kBusy},         // a lock is not to be had in time
    State{"53300", Trouble::kBusy},         // too many connections
    State{"  ", Trouble::kLost},            //
    State{"08", Trouble::kLost},            // connection
    State{"57P", Trouble::kLost},           // shutdown, crash, start
    State{"25P03", Trouble::kLost},         // was idle in its transaction for too long
    State{"53100", Trouble::kFull},         // disk full
    State{"58", Trouble::kUnreachable},     // input and output
    State{"53", Trouble::kUnreachable},     // out of memory and others
    State{"25006", Trouble::kUnreachable},  // may be read only
    State{"42501", Trouble::kUnreachable},  // not allowed
    State{"28", Trouble::kUnreachable},     // not let in
    State{"3D000", Trouble::kUnreachable},  // no such database
    State{"XX001", Trouble::kBroken},       // data corrupted
    State{"XX002", Trouble::kBroken},       // index corrupted
};

Error connection_error(const soci::soci_error& error, const Database& database) {
  return {ErrorCode::kUnavailable, "the database " + database.name() + " cannot be reached: " +
                                       reason_of(error) + "; see that it runs, and [database] url"};
}

}  // namespace

Opened open_postgresql(const Database& database, std::chrono::milliseconds patience) {
  std::unique_ptr<soci::session> session;
  try {
    session = std::make_unique<soci::session>(soci::postgresql, database.connection());
  } catch (const soci::soci_error& error) {
    return fail(connection_error(error, database));
  }
  try {
    // What it says beside answers goes nowhere. Locks are waited for as on SQLite, and nobody whose
    // process has stopped in the middle of a transaction keeps them.
    *session << "set client_min_messages = error; set lock_timeout = " +
                    std::to_string(patience.count()) +
                    "; set idle_in_transaction_session_timeout = 60000";
    return session;
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
}

std::optional<Trouble> postgresql_trouble(const soci::soci_error& error) {
  const auto* failed = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  if (!failed) return {};
  const auto state = failed->sqlstate();
  const auto* const known = std::ranges::find_if(
      kStates, [&](const State& known) { return state.starts_with(known.prefix); });
  return known == kStates.end() ? Trouble::kOther : known->trouble;
}

bool is_postgresql(soci::session& session) { return session.get_backend_name() == "postgresql"; }

}  // namespace recorte::db
