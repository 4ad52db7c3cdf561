// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/opaque.hpp"

#include "core/base/text.hpp"
#include "core/net/basic_text.hpp"
#include "core/net/json_call.hpp"

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;

/// An answer that is no word about the token: the provider's fault or the configuration's.
tl::unexpected<Error> no_answer(const std::string& url, const net::JsonAnswer& answer) {
  const auto what =
      answer.status == 200 ? std::string("no JSON object") : std::to_string(answer.status);
  const auto* remedy = answer.status == 401 || answer.status == 403
                           ? "; see that [auth.oidc.*] client and secret are right"
                           : "";
  return fail(ErrorCode::kUnavailable, url + " answers " + what + remedy);
}

Result<json> introspect(const std::string& token, const net::OpenidProvider& provider,
                        const Client& client, const net::Bounds& bounds) {
  if (provider.introspection.empty())
    return fail(ErrorCode::kUnavailable, provider.issuer +
                                             " names no introspection_endpoint, by which opaque "
                                             "tokens are judged; write tokens = \"jwt\"");
  net::JsonCall call;
  call.url = provider.introspection;
  call.form = net::Form{{"token", token}, {"token_type_hint", "access_token"}};
  if (client.secret.empty()) {
    call.form->emplace_back("client_id", client.id);
  } else if (provider.basic) {  // RFC 6749, 2.3.1: encoded as in a form first
    call.user = net::basic_text(client.id);
    call.password = net::basic_text(client.secret);
  } else {
    call.form->emplace_back("client_id", client.id);
    call.form->emplace_back("client_secret", client.secret);
  }
  auto answer = net::call_json(call, bounds);
  if (!answer) return fail(answer.error());
  if (answer->status != 200 || !answer->body.is_object()) return no_answer(call.url, *answer);
  return std::move(answer->body);
}

Result<json> userinfo(const std::string& token, const net::OpenidProvider& provider,
                      const net::Bounds& bounds) {
  if (provider.userinfo.empty())
    return fail(ErrorCode::kUnavailable,
                provider.issuer + " names no userinfo_endpoint, which says who a user is");
  net::JsonCall call;
  call.url = provider.userinfo;
  call.bearer = token;
  auto answer = net::call_json(call, bounds);
  if (!answer) return fail(answer.error());
  if (answer->status == 401 || answer->status == 403)
    return fail(ErrorCode::kUnauthenticated,
                "its provider says nothing of its user by it: it is over or revoked, or lacks the "
                "scope openid");
  if (answer->status != 200 || !answer->body.is_object()) return no_answer(call.url, *answer);
  return std::move(answer->body);
}

}  // namespace

Result<Opaque> ask_about(const std::string& token, const net::OpenidProvider& provider,
                         const Client& client, const Rules& rules, Micros now,
                         const net::Bounds& bounds) {
  const auto said = introspect(token, provider, client, bounds);
  if (!said) return fail(said.error());
  RECORTE_TRY(check_introspection(*said, rules, now));
  auto claims = userinfo(token, provider, bounds);
  if (!claims) return fail(claims.error());
  // OpenID Connect Core, 5.3.2: an answer about somebody else is not to be used.
  if (said->contains("sub") && (!claims->contains("sub") || (*said)["sub"] != (*claims)["sub"]))
    return fail(ErrorCode::kUnauthenticated, "its provider names two users");
  return Opaque{std::move(*claims), end_of(*said)};
}

}  // namespace recorte::auth::oidc
