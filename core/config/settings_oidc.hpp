/// [auth.oidc.NAME]: an OpenID provider whose users are ours. A part of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/secret.hpp"

#include <string>
#include <vector>

namespace recorte::config {

struct OidcSettings {
  std::string issuer;  ///< "https://cilogon.org"
  std::string client;  ///< our id there
  Secret secret;
};

}  // namespace recorte::config
