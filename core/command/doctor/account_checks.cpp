// SPDX-License-Identifier: BSD-3-Clause
//
// The service's secret, who is an admin, whether the audit trail is whole and the directory
// answers.
#include "core/account/grant.hpp"
#include "core/account/service_keys.hpp"
#include "core/base/text.hpp"
#include "core/command/admin/client.hpp"
#include "core/command/doctor/checks.hpp"
#include "core/config/address.hpp"
#include "core/db/accounts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using account::Action;
using account::Grant;

/// Looks, and makes none.
Finding check_key(const config::Settings& settings) {
  const auto file = account::key_file(settings);
  std::error_code error;
  const bool given = settings.auth.secret.given();
  if (!given && !fs::exists(file, error))
    return well("secret", "none yet: the server makes " + file.string());
  if (const auto keys = account::service_keys(settings); !keys)
    return ill("secret", keys.error().message,
               given ? "[auth] secret" : "chmod 600 " + file.string() + ", as the server's user");
  return well("secret", given ? "as [auth] secret says" : file.string());
}

Result<std::vector<Grant>> grants_of(const config::Settings& settings) {
  std::vector<Grant> out;
  for (const auto& sentence : settings.auth.grants) {
    auto grant = account::parse_grant(sentence);
    if (!grant) return fail(std::move(grant).error());
    out.push_back(std::move(*grant));
  }
  const auto database = db::Database::at(settings.database.url, settings.data);
  if (!database) return fail(database.error());
  std::error_code error;
  if (database->embedded() && !fs::exists(database->file(), error)) return out;
  auto kept = db::Accounts(*database).grants();
  if (!kept) return kept;
  out.insert(out.end(), kept->begin(), kept->end());
  return out;
}

Finding check_admins(const config::Settings& settings) {
  const auto grants = grants_of(settings);
  if (!grants && grants.error().code == ErrorCode::kUnavailable)
    return well("admins", "not known, as the database does not answer");
  if (!grants) return ill("admins", grants.error().message, "[auth] grants; recorte db migrate");
  std::string who;
  for (const auto& grant : *grants)
    if (grant.action == Action::kAdmin)
      who += (who.empty() ? "" : ", ") + account::grant_text(grant);
  if (!who.empty()) return well("admins", who);
  return well(
      "admins",
      "nobody, but for whoever may open the operator's socket; recorte grant add 'user NAME "
      "may admin on service' makes one");
}

Finding check_trail(const config::Settings& settings) {
  const auto answer = ask_admin(config::admin_socket(settings), "GET", "audit?limit=1");
  if (!answer) return well("audit trail", "not asked, as no server answers");
  const auto lost = answer->value("lost", std::uint64_t{0});
  if (lost == 0) return well("audit trail", "whole, since the server started");
  return ill("audit trail", std::to_string(lost) + " events could not be written",
             "see that the database can be written; the server's log says why");
}

}  // namespace

Finding check_directory(const config::Settings& settings, const AskDirectory& ask) {
  const auto& ldap = settings.ldap;
  if (ldap.urls.empty()) return well("directory", "not set: no directory's users sign in");
  if (const auto answered = ask(ldap); !answered)
    return ill("directory", answered.error().message,
               "see that the directory runs, and [auth.ldap] urls, ca, bind, secret and base");
  return well("directory", join(ldap.urls, ", ") + (ldap.urls.size() == 1 ? " lets" : " let") +
                               " us search beneath " + ldap.base);
}

Findings check_accounts(const config::Settings& settings) {
  return {check_key(settings), check_admins(settings), check_trail(settings)};
}

}  // namespace recorte::command
