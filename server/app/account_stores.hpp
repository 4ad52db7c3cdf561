/// Who users are, what they may, and what they did: the stores of one database, and the service's
/// secret.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/config/settings.hpp"
#include "core/db/accounts.hpp"
#include "core/db/audit_log.hpp"
#include "core/db/tokens.hpp"
#include "core/db/user_sessions.hpp"

#include <memory>

namespace recorte::app {

struct AccountStores {
  static Result<std::unique_ptr<AccountStores>> open(const config::Settings& settings,
                                                     const db::Database& database);

  db::Accounts accounts;
  db::Tokens tokens;
  db::UserSessions sessions;
  std::unique_ptr<db::AuditLog> audit;
  account::Keys keys;
};

}  // namespace recorte::app
