/// The audit trail (table `audit`, migrations/0004), on SQLite and PostgreSQL alike. Events are
/// written behind, within a second, by a thread of its own; no statement changes one, and only
/// those that are as old as configured go. What could not be written for a minute, or does not fit
/// the bounded queue, is counted and logged.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/audit.hpp"
#include "core/db/database.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace recorte::db {

class AuditLog : public account::Audit {
 public:
  struct Options {
    Database database;             ///< an SQLite file is made, and migrated, where needed
    std::size_t waiting = 50'000;  ///< events not yet written, at most 64 MiB of them
    Micros keep = 0;               ///< older ones are removed; 0: kept for ever
    int tries = 30;                ///< of writing a batch, over a minute, before it is lost
  };
  /// kUnavailable names the database and the reason, kData where its schema is not this program's.
  static Result<std::unique_ptr<AuditLog>> open(Options options);
  /// Writes what waits.
  ~AuditLog() override;

  void add(account::Event event) override;
  Status flush() override;
  Result<std::vector<account::Event>> search(const Filter& filter) override;
  /// Events that are in no database.
  std::uint64_t lost() const;

 private:
  struct Parts;
  explicit AuditLog(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
