/// Accounts, who they are elsewhere, and grants (tables `account`, `account_group`, `identity`,
/// `permission`, migrations/0004), on SQLite and PostgreSQL alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/user.hpp"
#include "core/db/database.hpp"

#include <chrono>
#include <memory>

namespace recorte::db {

class Accounts : public account::Accounts {
 public:
  /// Of a database that is migrated. `patience`: with one that is busy or away, a call.
  explicit Accounts(Database database,
                    std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
  ~Accounts() override;

  Result<account::User> sign_in(const account::Identity& identity) override;
  Result<account::User> find(const std::string& name) override;
  Result<std::vector<account::User>> list() override;
  Status add(const account::User& user) override;
  Result<account::User> change(const std::string& name,
                               const std::function<Status(account::User&)>& how) override;
  Status remove(const std::string& name) override;
  Status link(const std::string& name, const std::string& source,
              const std::string& subject) override;
  Result<std::string> password_hash(const std::string& name) override;
  Status set_password_hash(const std::string& name, const std::string& hash) override;
  Status renew_password_hash(const std::string& name, const std::string& old,
                             const std::string& hash) override;
  Result<std::vector<account::Grant>> grants() override;
  Status add(const account::Grant& grant) override;
  Status remove(const account::Grant& grant) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace recorte::db
