// SPDX-License-Identifier: BSD-3-Clause
//
// The page of somebody's own account, and its forms.
#include "core/base/text.hpp"
#include "server/account/desk.hpp"
#include "server/account/files.hpp"
#include "server/account/handlers.hpp"
#include "server/account/pages.hpp"
#include "server/identity/cross_site.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace recorte::account_face {
namespace {

using nlohmann::json;

json unless_empty(const std::string& text) { return text.empty() ? json() : json{{"text", text}}; }

json token_json(const account::Token& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"scopes", join(account::scope_words(token.scopes), ", ")},
          {"created", minute_text(token.created)},
          {"expires", token.expires == 0 ? "you revoke it" : minute_text(token.expires)},
          {"used", token.used == 0 ? "not yet" : minute_text(token.used) + ", " + token.used_from}};
}

json session_json(const account::Session& session, const std::string& own) {
  return {{"id", session.id},
          {"agent", session.agent},
          {"address", session.address},
          {"created", minute_text(session.created)},
          {"seen", minute_text(session.seen)},
          {"this", session.id == own}};
}

std::string may_text(const account::Principal& principal) {
  auto scopes = usual_scopes(principal);
  scopes.admin = principal.admin;
  scopes.surveys.clear();
  return join(account::scope_words(scopes), ", ");
}

/// `made`: a token's text; "" for none.
http::Response own_page(const Parts& parts, const http::Request& request, const std::string& made,
                        const std::optional<Error>& error) {
  const auto& principal = request.principal;
  const auto tokens = good_tokens(parts.tokens, principal.user, now_micros());
  if (!tokens) return error_page(request, tokens.error());
  const auto sessions = parts.sessions.list(principal.user);
  if (!sessions) return error_page(request, sessions.error());
  json groups = json::array(), token_list = json::array(), session_list = json::array();
  for (const auto& group : principal.groups) groups.push_back({{"name", group}});
  for (const auto& token : *tokens) token_list.push_back(token_json(token));
  for (const auto& session : *sessions)
    session_list.push_back(session_json(session, principal.credential));
  const bool no_groups = groups.empty(), no_tokens = token_list.empty();
  auto out = page(request, error ? error_row(error->code).http : 200, kAccountHtml,
                  {{"title", "Your account"},
                   {"user", principal.user},
                   {"email", unless_empty(principal.email)},
                   {"groups", std::move(groups)},
                   {"no_groups", no_groups},
                   {"admin", principal.admin},
                   {"error", error ? unless_empty(error->message) : json()},
                   {"made", unless_empty(made)},
                   {"csrf", identity::csrf_token(parts.keys.key("form"), principal)},
                   {"tokens", std::move(token_list)},
                   {"no_tokens", no_tokens},
                   {"may", may_text(principal)},
                   {"usual", join(account::scope_words(usual_scopes(principal)), ", ")},
                   {"sessions", std::move(session_list)}});
  if (error) out.notes.error = error->message;
  return out;
}

http::Response to_own_page(const http::Request& request) {
  auto out = http::see_other(request.base_url + "/account");
  out.headers.set("Cache-Control", "no-store");
  return out;
}

}  // namespace

http::Handler own_page_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) {
    if (!request.principal.anonymous()) return own_page(parts, request, "", {});
    auto out = http::see_other(request.base_url + "/login?return=/account");
    out.headers.set("Cache-Control", "no-store");
    return out;
  });
}

http::Handler page_make_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) {
    Wish wish{given(request, "name"), {}, given(request, "expires")};
    for (const auto& word : split(given(request, "scopes"), ','))
      if (!word.empty()) wish.scopes.push_back(word);
    const auto made = make_token(parts.tokens, parts.keys, request.principal, wish, now_micros());
    if (!made) return own_page(parts, request, "", made.error());
    auto out = own_page(parts, request, made->text, {});
    out.notes.object = made->token.id;
    return out;
  });
}

http::Handler page_revoke_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) {
    const auto& id = request.capture("id");
    auto done = check_revoke(request.principal, id);
    if (done) done = parts.tokens.revoke(id, request.principal.user);
    return done ? to_own_page(request) : own_page(parts, request, "", done.error());
  });
}

http::Handler page_end_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) {
    const auto& id = request.capture("id");
    auto done = check_revoke(request.principal, id);
    if (done) done = parts.sessions.end(id, request.principal.user);
    return done ? to_own_page(request) : own_page(parts, request, "", done.error());
  });
}

}  // namespace recorte::account_face
