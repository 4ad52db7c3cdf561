// SPDX-License-Identifier: BSD-3-Clause
#include "auth/token/token_authenticator.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"

#include <utility>

namespace recorte::auth {
namespace {

bool good(const account::Tokens::Found& found, Micros now) {
  const auto& token = found.token;
  return token.revoked == 0 && (token.expires == 0 || token.expires > now) && found.user.enabled;
}

}  // namespace

Result<std::optional<account::Identity>> TokenAuthenticator::identify(
    const Credentials& credentials) {
  if (credentials.kind != Credentials::Kind::kBearer ||
      !account::looks_like_token(credentials.secret))
    return std::nullopt;
  auto found = tokens_.find(key_.hash_of(credentials.secret));
  if (!found) return fail(std::move(found).error());
  const auto now = now_micros();
  if (!*found || !good(**found, now))
    return fail(ErrorCode::kUnauthenticated, std::string(kBadToken));
  const auto& [token, user] = **found;
  // That it was used is worth knowing, and not worth a refusal.
  if (const auto noted = tokens_.touch(token.id, now, credentials.address); !noted)
    log::write(log::Level::kWarn, "the use of a token was not noted: " + noted.error().message,
               {{"request_id", credentials.request_id}});
  account::Identity out;
  out.source = account::kOwnSource;
  out.subject = out.name = user.name;
  out.email = user.email;
  out.scopes = token.scopes;
  out.method = name();
  out.credential = token.id;
  out.ends = token.expires;
  return out;
}

}  // namespace recorte::auth
