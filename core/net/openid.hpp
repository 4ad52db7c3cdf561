/// What an OpenID provider says of itself (OpenID Connect Discovery 1.0), checked: who trusts an
/// issuer does not thereby trust any address that its document names.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/net/delivery.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace recorte::net {

/// URLs of endpoints; "" of what it does not have.
struct OpenidProvider {
  std::string issuer;
  std::string keys;  ///< jwks_uri
  std::string authorization, token, device, introspection, userinfo, end_session;
  /// Whether a client's secret goes into HTTP Basic, rather than into the form.
  bool basic = true;
  /// Whether an answer of `authorization` names its issuer (RFC 9207).
  bool names_issuer = false;
};

/// Where its document is: "https://cilogon.org/.well-known/openid-configuration".
std::string discovery_url(std::string_view issuer);

/// Reads its document. `hosts`: those that its endpoints may be on, besides the issuer's own. kData
/// where it is none, is another issuer's, lacks endpoints, or names one that is not https (or
/// loopback, of an issuer on loopback) or on another host: names the member.
Result<OpenidProvider> read_discovery(const std::string& issuer,
                                      const std::vector<std::string>& hosts,
                                      const nlohmann::json& document);

/// Asks it for the document. kUnavailable where it does not answer.
Result<OpenidProvider> discover(const std::string& issuer, const std::vector<std::string>& hosts,
                                const Bounds& bounds);

}  // namespace recorte::net
