/// A JSON Web Token, taken apart and not yet believed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace recorte::auth::oidc {

struct Jwt {
  nlohmann::json header, claims;  ///< objects, without a name that stands there twice
  std::string algorithm, key_id;  ///< of the header; key_id "" where it names none
};

/// Three parts of base64url, of which the first is a header: what is to be read as a JWT, and
/// shown to no provider.
bool looks_like_jwt(std::string_view token);
/// kUnauthenticated says what is wrong.
Result<Jwt> parse_jwt(std::string_view token);

}  // namespace recorte::auth::oidc
