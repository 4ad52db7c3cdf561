// SPDX-License-Identifier: BSD-3-Clause
//
// The way to a provider and back, and what a browser has at its end.
#include "core/base/id.hpp"
#include "core/base/text.hpp"
#include "server/account/handlers.hpp"
#include "server/account/opened.hpp"
#include "server/account/pages.hpp"

#include <algorithm>
#include <utility>

namespace recorte::account_face {
namespace {

using auth::Cookies;
using auth::Login;

constexpr std::size_t kSecretBytes = 32;

std::string redirect_uri(const http::Request& request) {
  return request.base_url + "/login/callback/" + url_encode(request.capture("provider"));
}

http::Response start(const Parts& parts, const http::Request& request) {
  const auto cookies = Cookies::at(request.base_url);
  if (!cookies) return error_page(request, cookies.error());
  const auto browser = browser_of(request, *cookies);
  const auto url = parts.login.begin(request.capture("provider"), given(request, "return"),
                                     redirect_uri(request), browser.secret);
  if (!url) return error_page(request, url.error());
  auto out = http::see_other(*url);
  out.headers.set("Cache-Control", "no-store");
  out.headers.set("Referrer-Policy", "no-referrer");
  remember(browser, *cookies, out);
  return out;
}

http::Response refuse(const Parts& parts, const http::Request& request, const Error& error) {
  account::Event event;
  event.act = "refusal";
  event.outcome = error_row(error.code).name;
  event.method = "oidc";
  event.object = request.capture("provider");
  event.detail = error.message;
  note_login(parts, request, event);
  return error_page(request, error);
}

http::Response finish(const Parts& parts, const http::Request& request) {
  const auto cookies = Cookies::at(request.base_url);
  if (!cookies) return error_page(request, cookies.error());
  const auto browser = browser_of(request, *cookies);
  const auto done = parts.login.finish(
      {request.capture("provider"), given(request, "code"), given(request, "state"),
       given(request, "iss"), given(request, "error"), given(request, "error_description")},
      redirect_uri(request), browser.secret);
  if (!done) return refuse(parts, request, done.error());
  const auto user = parts.accounts.sign_in(done->identity);
  if (!user) return refuse(parts, request, user.error());
  return open_session(parts, request, *cookies, {user->name, "oidc", request.capture("provider")},
                      done->return_to);
}

}  // namespace

Browser browser_of(const http::Request& request, const Cookies& cookies) {
  const auto header = request.headers.joined("Cookie").value_or("");
  auto known = auth::find_cookie(header, cookies.login());
  const bool good = known && known->size() == 2 * kSecretBytes &&
                    known->find_first_not_of("0123456789abcdef") == known->npos;
  if (good) return {std::move(*known), false};
  return {random_hex(kSecretBytes), true};
}

void remember(const Browser& browser, const Cookies& cookies, http::Response& response) {
  response.headers.add("Set-Cookie",
                       cookies.set(cookies.login(), browser.secret, 2 * Login::kPatience));
}

http::Response open_session(const Parts& parts, const http::Request& request,
                            const Cookies& cookies, const Signed& who,
                            const std::string& return_to) {
  const auto* agent = request.headers.find("User-Agent");
  const auto opened = parts.sessions.open(who.user, who.method, request.address,
                                          agent == nullptr ? "an unnamed browser" : *agent);
  if (!opened) return error_page(request, opened.error());
  account::Event event;
  event.act = "login";
  event.outcome = "ok";
  event.user = who.user;
  event.method = who.method;
  event.credential = opened->session.id;
  event.object = who.at;
  note_login(parts, request, event);
  auto out = http::see_other(request.base_url + return_to);
  out.headers.add("Set-Cookie",
                  cookies.set(cookies.session(), opened->secret, parts.sessions.lifetime()));
  out.headers.add("Set-Cookie", cookies.forget(cookies.login()));
  out.headers.set("Cache-Control", "no-store");
  out.notes.user = who.user;
  out.notes.method = who.method;
  out.notes.credential = opened->session.id;
  return out;
}

http::Handler start_handler(const Parts& parts) {
  return waiting(parts, &error_page,
                 [parts](const http::Request& request) { return start(parts, request); });
}

http::Handler callback_handler(const Parts& parts) {
  return waiting(parts, &error_page,
                 [parts](const http::Request& request) { return finish(parts, request); });
}

}  // namespace recorte::account_face
