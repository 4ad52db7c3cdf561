/// What must be true of an access token besides its signature: pure decisions. liboauth2 checks
/// none of this reliably.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace recorte::auth::oidc {

struct Rules {
  std::string issuer;
  std::vector<std::string> audiences;  ///< one of which it is for
  std::vector<std::string> clients;    ///< one of which it was given to; "*": any
  std::vector<std::string> scopes;     ///< all of which it has
  Micros leeway = 0;
};

/// Of a JWT whose signature is good. kUnauthenticated says what is wrong, as "it is over"; here
/// and below.
Status check_access_token(const nlohmann::json& header, const nlohmann::json& claims,
                          const Rules& rules, Micros now);
/// Of what a provider said of an opaque token (RFC 7662).
Status check_introspection(const nlohmann::json& said, const Rules& rules, Micros now);

/// When it is over, by its exp; 0 where it says nothing.
Micros end_of(const nlohmann::json& claims);

}  // namespace recorte::auth::oidc
