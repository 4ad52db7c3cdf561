/// Tokens of users (table `token`, migrations/0004): their hashes, and what is known of each, on
/// SQLite and PostgreSQL alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/token.hpp"
#include "core/db/database.hpp"

#include <chrono>
#include <memory>

namespace recorte::db {

class Tokens : public account::Tokens {
 public:
  /// Of a database that is migrated. `patience`: with one that is busy or away, a call.
  explicit Tokens(Database database,
                  std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
  ~Tokens() override;

  Status add(const account::Token& token, const std::string& hash) override;
  Result<std::optional<Found>> find(const std::string& hash) override;
  Result<std::vector<account::Token>> list(const std::string& user) override;
  Status revoke(const std::string& id, const std::string& user) override;
  Status touch(const std::string& id, Micros now, const std::string& address) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
