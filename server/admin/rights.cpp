// SPDX-License-Identifier: BSD-3-Clause
//
// Tokens of all users, and grants.
#include "core/account/issue.hpp"
#include "core/account/json.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "server/admin/handlers.hpp"
#include "server/admin/members.hpp"
#include "server/admin/reading.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::admin {
namespace {

using account::Grant;
using account::Token;
using http::Reply;
using nlohmann::ordered_json;
using Http = std::shared_ptr<const http::Request>;
using Kind = Members::Kind;

/// An answer that leaves a line in the log and in the trail.
http::Response done(const http::Request& http, const ordered_json& body, const std::string& object,
                    const std::string& what, int status = 200) {
  log_act(http, what, object);
  auto response = api::json_response(body, status);
  response.notes.object = object;
  response.notes.detail = what;
  return response;
}

http::Handler tokens_handler(account::Tokens& tokens) {
  return [&tokens](const Http& http, const Reply& reply) {
    const auto* user = http->parameter("user");
    const auto found = tokens.list(user != nullptr ? *user : "");
    if (!found) return reply(api::problem(*http, found.error()));
    auto list = ordered_json::array();
    for (const auto& token : *found) list.push_back(account::token_json(token));
    reply(api::json_response({{"tokens", std::move(list)}}));
  };
}

Result<Token> wanted_token(const http::Request& http) {
  const auto members = Members::read(http, {{"user", Kind::kText},
                                            {"name", Kind::kText},
                                            {"scopes", Kind::kList},
                                            {"expires", Kind::kText}});
  if (!members) return fail(members.error());
  auto user = members->needed("user");
  if (!user) return fail(std::move(user).error());
  auto scopes = account::parse_scopes(
      members->list("scopes").value_or(std::vector<std::string>{"read", "submit"}));
  if (!scopes) return fail(std::move(scopes).error());
  Token out;
  out.user = std::move(*user);
  out.name = members->text("name").value_or("");
  out.scopes = std::move(*scopes);
  if (const auto after = members->text("expires")) {
    const auto age = parse_duration(*after);
    if (!age) return fail(age.error());
    out.expires = now_micros() + *age;
  }
  return out;
}

http::Handler issue_handler(account::Tokens& tokens, const account::Keys& keys) {
  return [&tokens, &keys](const Http& http, const Reply& reply) {
    auto wanted = wanted_token(*http);
    if (!wanted) return reply(api::problem(*http, wanted.error()));
    const auto issued = account::issue_token(tokens, keys, std::move(*wanted));
    if (!issued) return reply(api::problem(*http, issued.error()));
    auto json = account::token_json(issued->token);
    json["token"] = issued->text;
    auto response = done(*http, json, issued->token.id, "made for " + issued->token.user, 201);
    response.headers.set("Cache-Control", "no-store");
    reply(std::move(response));
  };
}

http::Handler revoke_handler(account::Tokens& tokens) {
  return [&tokens](const Http& http, const Reply& reply) {
    const auto& id = http->capture("id");
    if (const auto revoked = tokens.revoke(id, ""); !revoked)
      return reply(api::problem(*http, revoked.error()));
    reply(done(*http, {{"revoked", id}}, id, "revoked"));
  };
}

http::Handler grants_handler(account::Accounts& accounts, std::vector<std::string> configured) {
  return [&accounts, configured = std::move(configured)](const Http& http, const Reply& reply) {
    const auto grants = accounts.grants();
    if (!grants) return reply(api::problem(*http, grants.error()));
    auto list = ordered_json::array();
    for (const auto& grant : *grants)
      list.push_back({{"grant", account::grant_text(grant)}, {"by", "command"}});
    for (const auto& sentence : configured)
      list.push_back({{"grant", sentence}, {"by", "configuration"}});
    reply(api::json_response({{"grants", std::move(list)}}));
  };
}

/// {"grant": the sentence}.
http::Handler granting(account::Accounts& accounts, bool add) {
  return [&accounts, add](const Http& http, const Reply& reply) {
    const auto changed = [&]() -> Result<std::string> {
      const auto members = Members::read(*http, {{"grant", Kind::kText}});
      if (!members) return fail(members.error());
      const auto sentence = members->needed("grant");
      if (!sentence) return fail(sentence.error());
      const auto grant = account::parse_grant(*sentence);
      if (!grant) return fail(grant.error());
      RECORTE_TRY(add ? accounts.add(*grant) : accounts.remove(*grant));
      return account::grant_text(*grant);
    }();
    if (!changed) return reply(api::problem(*http, changed.error()));
    reply(done(*http, {{"grant", *changed}, {"granted", add}}, *changed,
               add ? "granted" : "no longer granted"));
  };
}

}  // namespace

std::vector<http::Route> right_routes(const Parts& parts) {
  const std::string root = "/api/v1/admin/";
  const http::Access look{http::Need::kAdmin}, act{http::Need::kAdmin, "admin"},
      token{http::Need::kAdmin, "token"};
  return {
      {root + "tokens", {"GET"}, look, tokens_handler(parts.tokens)},
      {root + "tokens", {"POST"}, token, issue_handler(parts.tokens, parts.keys)},
      {root + "tokens/{id}", {"DELETE"}, token, revoke_handler(parts.tokens)},
      {root + "grants", {"GET"}, look, grants_handler(parts.accounts, parts.grants)},
      {root + "grants", {"POST"}, act, granting(parts.accounts, true)},
      {root + "grants", {"DELETE"}, act, granting(parts.accounts, false)},
  };
}

}  // namespace recorte::admin
