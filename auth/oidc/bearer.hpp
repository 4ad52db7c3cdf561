/// Who comes with a bearer token of an OpenID provider: which of them gave it out, and whether it
/// is good.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "core/base/error.hpp"
#include "core/config/settings_oidc.hpp"

#include <map>
#include <memory>
#include <string>

namespace recorte::auth::oidc {

/// By name, as [auth.oidc.NAME] has them. kUsage where one cannot be set up; kUnsupported in a
/// build without liboauth2. Nobody is asked yet.
Result<std::unique_ptr<Authenticator>> make_bearer(
    const std::map<std::string, config::OidcSettings>& providers);

}  // namespace recorte::auth::oidc
