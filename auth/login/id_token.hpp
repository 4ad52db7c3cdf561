/// What must be true of an ID token besides its signature (OpenID Connect Core, 3.1.3.7).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace recorte::auth {

struct IdTokenRules {
  std::string issuer;
  std::string client;                ///< whom it is for, and whom it was given to
  std::optional<std::string> nonce;  ///< of this sign-in; none: there was none to give
  Micros leeway = 0;                 ///< between the provider's clock and ours
};

/// kForbidden says what is wrong.
Status check_id_token(const nlohmann::json& claims, const IdTokenRules& rules, Micros now);

}  // namespace recorte::auth
