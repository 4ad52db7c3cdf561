// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/bearer.hpp"

namespace recorte::auth::oidc {

Result<std::unique_ptr<Authenticator>> make_bearer(
    const std::map<std::string, config::OidcSettings>& providers) {
  return fail(ErrorCode::kUnsupported,
              "[auth.oidc." + (providers.empty() ? "*" : providers.begin()->first) +
                  "]: this recorte-server was built without liboauth2 (RECORTE_OAUTH2=OFF), and "
                  "takes no tokens of OpenID providers; use one that was built with it, or remove "
                  "the section");
}

}  // namespace recorte::auth::oidc
