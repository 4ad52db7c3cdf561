// SPDX-License-Identifier: BSD-3-Clause
//
// What somebody brings to show who they are, or has a browser bring: tokens, keys, states, paths.
// Nobody is let in by what they made up.
#include "auth/login/id_token.hpp"
#include "auth/login/return_path.hpp"
#include "auth/login/state.hpp"
#include "auth/oidc/claims.hpp"
#include "auth/oidc/jwt.hpp"
#include "auth/oidc/key_set.hpp"
#include "core/account/token.hpp"
#include "fuzz.hpp"
#include "server/identity/base64.hpp"

namespace recorte::fuzz {
namespace {

using nlohmann::json;

constexpr Micros kNow = 1'800'000'000'000'000;

/// Of a key whose secret half was thrown away.
const auth::oidc::KeySet& keys() {
  static const auto set =
      *auth::oidc::KeySet::of({{"keys",
                                {{{"kty", "EC"},
                                  {"crv", "P-256"},
                                  {"x", "PYu9TeETKGTvvkNJRmpezPJQlDQROZiwdC5S1q9Iv6Q"},
                                  {"y", "Rt-HwJbJT8LNACCB667oKkh25dfLgXHnCSwqXGqBkZw"}}}}});
  return set;
}

void check_claims(const json& header, const json& claims) {
  (void)auth::oidc::check_access_token(header, claims, {"i", {"a"}, {"*"}, {"s"}, 0}, kNow);
  (void)auth::oidc::check_introspection(claims, {"i", {"a"}, {"*"}, {"s"}, 0}, kNow);
  (void)auth::check_id_token(claims, {"i", "a", "n", 0}, kNow);
  require(auth::oidc::end_of(claims) >= 0, "an end is no time before there were tokens");
}

}  // namespace

void attempt(std::string_view input) {
  const std::string text(input);
  if (const auto jwt = auth::oidc::parse_jwt(text)) {
    require(auth::oidc::looks_like_jwt(text), "what is a JWT looks like one");
    require(jwt->header.is_object() && jwt->claims.is_object(), "a JWT is two objects");
    check_claims(jwt->header, jwt->claims);
    require(!keys().signed_this(text, jwt->algorithm, jwt->key_id), "nobody signs by chance");
  }
  if (const auto document = json::parse(text, nullptr, false); document.is_object()) {
    (void)auth::oidc::KeySet::of(document);
    check_claims(json::object(), document);
  }
  static const auth::States states(*account::Keys::of("a secret of thirty-two bytes, or more"));
  require(!states.end(text, "browser", kNow), "no state is guessed");
  const auto path = auth::own_path(text);
  require(path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\") &&
              path.find_first_of("\r\n\t") == path.npos,
          "a path is ours: " + path);
  (void)account::looks_like_token(text);
  (void)identity::decode_base64(text);
}

}  // namespace recorte::fuzz
