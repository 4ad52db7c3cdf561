// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/exchange.hpp"

#include "auth/login/id_token.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/net/basic_text.hpp"

#include <algorithm>
#include <utility>

namespace recorte::auth {
namespace {

using nlohmann::json;

Result<json> userinfo(const Provider& provider, const std::string& url,
                      const std::string& access_token) {
  net::JsonCall call;
  call.url = url;
  call.bearer = access_token;
  auto answer = provider.call(call);
  if (!answer) return fail(std::move(answer).error());
  if (answer->status == 200 && answer->body.is_object()) return std::move(answer->body);
  return fail(ErrorCode::kUnavailable, provider.title + " does not say who you are: it answers " +
                                           std::to_string(answer->status) +
                                           " to the question; try again later");
}

}  // namespace

std::string shown(std::string_view words) {
  constexpr std::size_t kLongest = 300;
  auto out = good_utf8(words.substr(0, kLongest));
  std::ranges::replace_if(
      out, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }, ' ');
  return out;
}

std::string text_member(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string error_words(const json& answer) {
  const auto code = text_member(answer, "error"), more = text_member(answer, "error_description");
  return shown(code.empty() || more.empty() ? code + more : code + ": " + more);
}

Result<net::JsonAnswer> ask_as_client(const Provider& provider,
                                      const net::OpenidProvider& endpoints, const std::string& url,
                                      net::Form form) {
  net::JsonCall call;
  call.url = url;
  form.emplace_back("client_id", provider.client);
  if (endpoints.basic && !provider.secret.empty()) {
    call.user = net::basic_text(provider.client);
    call.password = net::basic_text(provider.secret);
  } else if (!provider.secret.empty()) {
    form.emplace_back("client_secret", provider.secret);
  }
  call.form = std::move(form);
  return provider.call(call);
}

Result<account::Identity> identity_of(const Provider& provider,
                                      const net::OpenidProvider& endpoints, const json& answer,
                                      const std::optional<std::string>& nonce, Micros now) {
  const auto id_token = text_member(answer, "id_token");
  if (id_token.empty())
    return fail(ErrorCode::kUnavailable, provider.title +
                                             " gave no ID token; the scopes of [auth.oidc." +
                                             provider.name + "] must have openid among them");
  auto claims = provider.signed_claims(id_token);
  // Whoever comes back from there may not come in; they have not shown a credential of ours.
  if (!claims && claims.error().code == ErrorCode::kUnauthenticated)
    return fail(ErrorCode::kForbidden,
                "the ID token of " + provider.title +
                    " is not signed as it should be: " + claims.error().message + "; begin again");
  if (!claims) return fail(std::move(claims).error());
  RECORTE_TRY(
      check_id_token(*claims, {provider.issuer, provider.client, nonce, provider.leeway}, now));
  const auto access_token = text_member(answer, "access_token");
  if (!endpoints.userinfo.empty() && !access_token.empty()) {
    auto more = userinfo(provider, endpoints.userinfo, access_token);
    if (!more) return fail(std::move(more).error());
    // OpenID Connect Core, 5.3.2: else it may be about anybody.
    if (text_member(*more, "sub") != text_member(*claims, "sub"))
      return fail(ErrorCode::kForbidden,
                  provider.title + " says two things of who you are; tell its operator");
    more->update(*claims);  // what is signed counts more
    claims = std::move(*more);
  }
  return provider.identify(*claims);
}

}  // namespace recorte::auth
