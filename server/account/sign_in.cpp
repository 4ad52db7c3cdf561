// SPDX-License-Identifier: BSD-3-Clause
//
// The page to sign in on, passwords, and signing out.
#include "auth/login/return_path.hpp"
#include "auth/session/cookies.hpp"
#include "core/base/text.hpp"
#include "server/account/files.hpp"
#include "server/account/handlers.hpp"
#include "server/account/opened.hpp"
#include "server/account/pages.hpp"
#include "server/page/prefix.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::account_face {
namespace {

using auth::Cookies;
using auth::Credentials;
using nlohmann::json;

/// For the form of a browser that has no session yet.
account::Key form_key(const Parts& parts) { return parts.keys.key("login-form"); }

/// The page, for a browser that has a secret of its own to begin with.
http::Response login_page(const Parts& parts, const http::Request& request, int status,
                          const std::string& error) {
  const auto cookies = Cookies::at(request.base_url);
  if (!cookies) return error_page(request, cookies.error());
  const auto prefix = page::prefix_of(request.base_url);
  const auto return_to = auth::own_path(given(request, "return"));
  const auto browser = browser_of(request, *cookies);
  json providers = json::array();
  for (std::size_t i = 0; i < parts.login.size(); ++i) {
    const auto& provider = parts.login.provider(i);
    providers.push_back({{"name", provider.title},
                         {"url", prefix + "/login/start/" + url_encode(provider.name) +
                                     "?return=" + url_encode(return_to)}});
  }
  // What is written into a form on plain http is read by others on the way.
  const bool password = takes_passwords(parts) && !request.in_clear;
  const bool none = providers.empty() && !password;
  auto out = page(request, status, kLoginHtml,
                  {{"title", "Sign in"},
                   {"error", error.empty() ? json() : json{{"text", error}}},
                   {"providers", std::move(providers)},
                   {"password", password ? json{{"csrf", form_key(parts).hash_of(browser.secret)},
                                                {"return_to", return_to}}
                                         : json()},
                   {"no_way", none}});
  remember(browser, *cookies, out);
  return out;
}

http::Response by_password(const Parts& parts, const http::Request& request) {
  if (request.in_clear)
    return error_page(request,
                      {ErrorCode::kForbidden,
                       "a password is not taken over plain http from another machine, "
                       "where others can read it; use https, and choose another password"});
  const auto cookies = Cookies::at(request.base_url);
  if (!cookies) return error_page(request, cookies.error());
  const auto browser = browser_of(request, *cookies);
  // A page elsewhere could sign its visitor in as somebody else, and read what they do as these.
  if (browser.fresh || !form_key(parts).verify(browser.secret, given(request, "csrf")))
    return login_page(parts, request, 403, "This page was open for too long: try again.");
  Credentials credentials;
  credentials.kind = Credentials::Kind::kBasic;
  credentials.user = given(request, "user");
  credentials.secret = given(request, "password");
  credentials.address = request.address;
  credentials.request_id = request.id;
  auto principal = parts.chain.quick(credentials);
  if (!principal) principal = parts.chain.slow(credentials);
  account::Event event;
  event.user = credentials.user;
  if (!*principal) {
    const auto& error = principal->error();
    event.act = "refusal";
    event.outcome = error_row(error.code).name;
    event.detail = error.message;
    note_login(parts, request, event);
    auto out = login_page(parts, request, error_row(error.code).http, error.message);
    if (const auto wait = retry_seconds(error); wait > 0)
      out.headers.set("Retry-After", std::to_string(wait));
    out.notes.error = error.message;
    return out;
  }
  return open_session(parts, request, *cookies,
                      {(*principal)->user, (*principal)->method, "password"},
                      auth::own_path(given(request, "return")));
}

}  // namespace

http::Handler login_page_handler(const Parts& parts) {
  return plain(
      [parts](const http::Request& request) { return login_page(parts, request, 200, ""); });
}

http::Handler password_handler(const Parts& parts) {
  return waiting(parts, &error_page, [parts](const http::Request& request) {
    if (!takes_passwords(parts))
      return error_page(request, {ErrorCode::kNotFound, "no passwords are taken here"});
    return by_password(parts, request);
  });
}

http::Handler logout_handler(const Parts& parts) {
  return plain([parts](const http::Request& request) {
    const auto& principal = request.principal;
    const auto cookies = Cookies::at(request.base_url);
    if (principal.method != "session" || !cookies)
      return error_page(request, {ErrorCode::kUsage,
                                  "you came without a session, so there is none to end; a token is "
                                  "revoked: DELETE /api/v1/tokens/ID"});
    // That it is gone already is what was wanted.
    const auto ended = parts.sessions.end(principal.credential, principal.user);
    if (!ended && ended.error().code != ErrorCode::kNotFound)
      return error_page(request, ended.error());
    auto out = http::see_other(request.base_url + "/");
    out.headers.add("Set-Cookie", cookies->forget(cookies->session()));
    out.headers.set("Cache-Control", "no-store");
    out.notes.object = principal.credential;
    return out;
  });
}

}  // namespace recorte::account_face
