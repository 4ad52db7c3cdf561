/// What an admin has switched, and the servers that share a database (tables `switch` and `server`,
/// migrations/0003), on SQLite and PostgreSQL alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/database.hpp"
#include "core/schedule/switches.hpp"

#include <chrono>
#include <memory>

namespace recorte::db {

class Switches : public schedule::Switches {
 public:
  /// Of a database that is migrated. `patience`: with one that is busy or away, a call.
  explicit Switches(Database database,
                    std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
  ~Switches() override;

  Result<std::vector<schedule::Switch>> all() override;
  Status set(const schedule::Switch& on) override;
  Status clear(const std::string& name) override;
  Status beat(const schedule::ServerState& state) override;
  Status leave(const std::string& name) override;
  Result<std::vector<schedule::ServerState>> servers() override;
  Result<Micros> now() override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
