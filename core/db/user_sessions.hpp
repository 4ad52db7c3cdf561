/// Sessions of browsers, and what is good once (tables `session` and `spent`, migrations/0005), on
/// SQLite and PostgreSQL alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/session.hpp"
#include "core/db/database.hpp"

#include <chrono>
#include <memory>

namespace recorte::db {

class UserSessions : public account::Sessions, public account::Spent {
 public:
  /// Of a database that is migrated. `patience`: with one that is busy or away, a call.
  explicit UserSessions(Database database,
                        std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
  ~UserSessions() override;

  Status add(const account::Session& session, const std::string& hash, Micros idle_since) override;
  Result<std::optional<account::Session>> find(const std::string& hash) override;
  Result<std::vector<account::Session>> list(const std::string& user) override;
  Status touch(const std::string& id, Micros now, const std::string& address) override;
  Status end(const std::string& id, const std::string& user) override;

  Result<bool> spend(const std::string& hash, Micros expires, Micros now) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
