// SPDX-License-Identifier: BSD-3-Clause
//
// The same for programs.
#include "core/account/json.hpp"

#include "core/base/text.hpp"
#include "server/account/desk.hpp"
#include "server/account/handlers.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::account_face {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json text_json(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

tl::unexpected<Error> wrong(const std::string& name, const char* what) {
  return fail(ErrorCode::kUsage, "'" + name + "' " + what);
}

Status take(const std::string& name, const json& value, Wish& wish) {
  if (name == "scopes" && value.is_array()) {
    for (const auto& word : value) {
      if (!word.is_string()) return wrong(name, "is a list of texts, such as [\"read\"]");
      wish.scopes.push_back(word.get<std::string>());
    }
    return {};
  }
  if (!value.is_string()) return wrong(name, "is a text");
  const auto text = value.get<std::string>();
  if (name == "name") {
    wish.name = text;
  } else if (name == "expires") {
    wish.expires = text;
  } else if (name == "scopes") {
    for (const auto& word : split(text, ','))
      if (!word.empty()) wish.scopes.push_back(word);
  } else if (name != "csrf") {
    return wrong(name.substr(0, 60), "is not known here; there are name, scopes, expires");
  }
  return {};
}

/// Of a JSON object, or a form.
Result<Wish> read_wish(const http::Request& request) {
  Wish out;
  const auto* type = request.headers.find("Content-Type");
  if (type == nullptr || !lower(*type).starts_with("application/json")) {
    for (const auto& [name, value] : request.parameters) RECORTE_TRY(take(lower(name), value, out));
    return out;
  }
  const auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object())
    return fail(ErrorCode::kUsage,
                R"(the body is no JSON object, such as {"name": "notebook", "scopes": ["read"]})");
  for (const auto& [name, value] : body.items()) RECORTE_TRY(take(name, value, out));
  return out;
}

http::Response secret(http::Response response) {
  response.headers.set("Cache-Control", "no-store");
  return response;
}

http::Response me(const http::Request& request) {
  const auto& who = request.principal;
  auto scopes = who.scopes;
  scopes.admin = who.admin;
  return secret(api::json_response({{"user", who.user},
                                    {"signed_in", !who.anonymous()},
                                    {"email", text_json(who.email)},
                                    {"groups", who.groups},
                                    {"admin", who.admin},
                                    {"service", text_json(who.service)},
                                    {"method", text_json(who.method)},
                                    {"credential", text_json(who.credential)},
                                    {"scopes", account::scope_words(scopes)}}));
}

http::Response list(const Parts& parts, const http::Request& request) {
  const auto tokens = good_tokens(parts.tokens, request.principal.user, now_micros());
  if (!tokens) return api::problem(request, tokens.error());
  auto all = ordered_json::array();
  for (const auto& token : *tokens) all.push_back(account::token_json(token));
  return secret(api::json_response({{"tokens", std::move(all)}}));
}

http::Response make(const Parts& parts, const http::Request& request) {
  const auto wish = read_wish(request);
  if (!wish) return api::problem(request, wish.error());
  const auto made = make_token(parts.tokens, parts.keys, request.principal, *wish, now_micros());
  if (!made) return api::problem(request, made.error());
  auto body = account::token_json(made->token);
  body["token"] = made->text;
  auto out = secret(api::json_response(body, 201));
  out.headers.set("Location", request.base_url + "/api/v1/tokens/" + made->token.id);
  out.notes.object = made->token.id;
  return out;
}

http::Response revoke(const Parts& parts, const http::Request& request) {
  const auto& id = request.capture("id");
  auto done = check_revoke(request.principal, id);
  if (done) done = parts.tokens.revoke(id, request.principal.user);
  if (!done) return api::problem(request, done.error());
  http::Response out;
  out.status = 204;
  return out;
}

}  // namespace

http::Handler me_handler(const Parts&) { return plain(&me); }
http::Handler list_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) { return list(parts, request); });
}
http::Handler make_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) { return make(parts, request); });
}
http::Handler revoke_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) { return revoke(parts, request); });
}

}  // namespace recorte::account_face
