/// [auth]: how users show who they are, and what they may. Parts of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/config/secret.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::config {

struct AuthSettings {
  /// Who is asked about a credential, in this order; what is not named is off.
  std::vector<std::string> order{"session", "token", "oidc", "password", "ldap"};
  std::vector<std::string> grants;  ///< sentences, account::parse_grant
  Secret secret;                    ///< of the service; none: auth.key in `data`, made there
  Micros keep_groups = 30LL * 86'400 * 1'000'000;  ///< that a source told at a sign-in; 0: ever
  Micros keep_audit = 365LL * 86'400 * 1'000'000;  ///< 0: ever
};

}  // namespace recorte::config
