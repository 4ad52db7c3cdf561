/// The rows of the table `audit`, through a connection of their own, used by one thread. Private to
/// this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/audit.hpp"
#include "core/db/database.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace recorte::db {

struct AuditRecord {
  std::string id;  ///< tells it from others of the same time
  account::Event event;
};

class AuditRows {
 public:
  /// Of a database that has been migrated. `patience`: as in open_session().
  static Result<std::unique_ptr<AuditRows>> open(const Database& database,
                                                 std::chrono::milliseconds patience);
  ~AuditRows();
  AuditRows(const AuditRows&) = delete;
  AuditRows& operator=(const AuditRows&) = delete;

  /// All of them or, with an error, none. An event that is there already stays as it is, so that a
  /// batch whose commit was in doubt may be written again.
  Status insert(const std::vector<AuditRecord>& records);
  /// Removes the oldest of those before `time`, at most `most`; returns how many.
  Result<std::size_t> remove_before(Micros time, std::size_t most);

 private:
  struct Connection;
  explicit AuditRows(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

/// The newest first. Throws soci::soci_error.
std::vector<account::Event> find_events(soci::session& session,
                                        const account::Audit::Filter& filter);

}  // namespace recorte::db
