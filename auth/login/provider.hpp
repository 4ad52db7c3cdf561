/// An OpenID provider as a place to sign in at: who we are there, and the parts by which it is
/// asked and its answers are judged.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/identity.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/net/json_call.hpp"
#include "core/net/openid.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>

namespace recorte::auth {

/// How a provider is asked: net::call_json with bounds, or a test's.
using Call = std::function<Result<net::JsonAnswer>(const net::JsonCall&)>;

struct Provider {
  std::string name;   ///< of [auth.oidc.NAME]
  std::string title;  ///< for people
  std::string issuer;
  std::string client, secret;
  std::string scopes = "openid email profile";
  /// Where it is asked what, by its own word; whoever knows keeps it.
  std::function<Result<net::OpenidProvider>()> endpoints;
  Call call;
  Micros leeway = 60'000'000;  ///< between its clock and ours
  /// The claims of a JWT that is signed with a key of the provider's. kUnauthenticated where it is
  /// not, kUnavailable where that cannot be told now.
  std::function<Result<nlohmann::json>(const std::string& jwt)> signed_claims;
  /// Who that is here: name, e-mail and groups of the claims.
  std::function<Result<account::Identity>(const nlohmann::json& claims)> identify;
};

}  // namespace recorte::auth
