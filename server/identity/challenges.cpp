// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/challenges.hpp"

#include "server/identity/protected_resource.hpp"

namespace recorte::identity {

void add_challenges(const Challenges& challenges, const std::string& base_url, bool wrong,
                    http::Headers& headers) {
  constexpr const char* kField = "WWW-Authenticate";
  const std::string error = wrong ? ", error=\"invalid_token\"" : "";  // RFC 6750, 3
  std::string bearer = "Bearer realm=\"recorte\"";
  if (!challenges.issuers.empty())
    bearer += ", resource_metadata=\"" + base_url + std::string(kProtectedResource) + "\"";
  headers.add(kField, bearer + error);
  for (const auto& issuer : challenges.issuers) {
    const std::string slash = issuer.ends_with('/') ? "" : "/";
    headers.add(kField, "ivoa_bearer standard_id=\"ivo://ivoa.net/sso#OpenID\", access_url=\"" +
                            issuer + "\", discovery_url=\"" + issuer + slash +
                            ".well-known/openid-configuration\"" + error);
  }
  if (challenges.basic) headers.add(kField, "Basic realm=\"recorte\", charset=\"UTF-8\"");
}

}  // namespace recorte::identity
