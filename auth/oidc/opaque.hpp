/// An opaque token, which only its provider can judge: introspection (RFC 7662), then userinfo for
/// who it is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/oidc/claims.hpp"
#include "core/base/error.hpp"
#include "core/net/openid.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace recorte::auth::oidc {

/// This service at its provider.
struct Client {
  std::string id, secret;  ///< secret "": it has none
};

struct Opaque {
  nlohmann::json claims;  ///< of userinfo
  Micros end = 0;         ///< of the token; 0: it is not known
};

/// kUnauthenticated says what is wrong with the token; kUnavailable that the provider does not
/// answer, or not as it should.
Result<Opaque> ask_about(const std::string& token, const net::OpenidProvider& provider,
                         const Client& client, const Rules& rules, Micros now,
                         const net::Bounds& bounds);

}  // namespace recorte::auth::oidc
