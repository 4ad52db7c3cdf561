/// From claims to an account::Identity: a user's name, e-mail and groups, as configured.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/identity.hpp"
#include "core/base/error.hpp"
#include "core/config/settings_oidc.hpp"

#include <nlohmann/json.hpp>

namespace recorte::auth::oidc {

/// source, subject, name, email and groups; the rest is the caller's. kUnauthenticated where there
/// is no `sub`, or nothing that could be a name.
Result<account::Identity> identity_of(const nlohmann::json& claims,
                                      const config::OidcSettings& settings);

}  // namespace recorte::auth::oidc
