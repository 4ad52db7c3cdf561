/// One OpenID provider and the tokens that it gave out.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/oidc/claims.hpp"
#include "auth/oidc/jwt.hpp"
#include "auth/oidc/key_set.hpp"
#include "auth/oidc/opaque.hpp"
#include "auth/oidc/outage.hpp"
#include "auth/oidc/refreshed.hpp"
#include "auth/oidc/verdicts.hpp"
#include "core/account/identity.hpp"
#include "core/config/settings_oidc.hpp"
#include "core/net/openid.hpp"

#include <memory>
#include <optional>
#include <string>

namespace recorte::auth::oidc {

class Provider {
 public:
  /// kUsage where the secret cannot be read, or a group is mapped to what can be none.
  static Result<std::unique_ptr<Provider>> of(const config::OidcSettings& settings);

  const config::OidcSettings& settings() const { return settings_; }

  /// Whose token it is. kUnauthenticated says what is wrong with it; kUnavailable that it cannot be
  /// judged now. Blocks for as long as two questions may take. [any thread]
  Result<account::Identity> judge_jwt(const std::string& token, const Jwt& jwt);
  Result<account::Identity> judge_opaque(const std::string& token);
  /// The verdict on an opaque token that is kept from before. [any thread]
  std::optional<Result<account::Identity>> known_opaque(const std::string& token);

  /// As Providers has them.
  Result<net::OpenidProvider> endpoints();
  Result<nlohmann::json> id_token_claims(const std::string& token);

 private:
  Provider(const config::OidcSettings& settings, Client client);
  Status check_signature(const std::string& token, const Jwt& jwt);
  Status check_algorithm(const Jwt& jwt) const;
  Result<account::Identity> identity_of_token(const nlohmann::json& claims, const std::string& hash,
                                              Micros end) const;
  Verdicts::Verdict verdict(Result<account::Identity> identity, Micros now, Micros end) const;

  const config::OidcSettings settings_;
  const Client client_;
  const Rules rules_;
  net::Bounds bounds_;
  Refreshed<net::OpenidProvider> endpoints_;
  Refreshed<KeySet> keys_;
  Outage outage_;
  Verdicts verdicts_;
};

}  // namespace recorte::auth::oidc
