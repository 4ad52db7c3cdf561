// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/account_stores.hpp"

#include "core/account/service_keys.hpp"

#include <utility>

namespace recorte::app {

Result<std::unique_ptr<AccountStores>> AccountStores::open(const config::Settings& settings,
                                                           const db::Database& database) {
  const auto keys = account::service_keys(settings);
  if (!keys) return fail(keys.error());
  auto audit = db::AuditLog::open({.database = database, .keep = settings.auth.keep_audit});
  if (!audit) return fail(std::move(audit).error());
  return std::unique_ptr<AccountStores>(
      new AccountStores{db::Accounts(database), db::Tokens(database), db::UserSessions(database),
                        std::move(*audit), *keys});
}

}  // namespace recorte::app
