// SPDX-License-Identifier: BSD-3-Clause
//
// Signing in from a terminal: what `recorte login` asks.
#include "core/account/json.hpp"
#include "server/account/desk.hpp"
#include "server/account/handlers.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

namespace recorte::account_face {
namespace {

using auth::DevicePoll;
using nlohmann::ordered_json;

http::Response secret(const ordered_json& body) {
  auto out = api::json_response(body);
  out.headers.set("Cache-Control", "no-store");
  return out;
}

http::Response begin(const Parts& parts, const http::Request& request) {
  const auto device = parts.login.begin_device(given(request, "provider"));
  if (!device) return api::problem(request, device.error());
  return secret(
      {{"handle", device->handle},
       {"user_code", device->user_code},
       {"verification_uri", device->verification_uri},
       {"verification_uri_complete",
        device->complete_uri.empty() ? ordered_json() : ordered_json(device->complete_uri)},
       {"expires_in", device->expires_s},
       {"interval", device->interval_s}});
}

http::Response refuse(const Parts& parts, const http::Request& request, const Error& error) {
  account::Event event;
  event.act = "refusal";
  event.outcome = error_row(error.code).name;
  event.method = "oidc";
  event.object = "device";
  event.detail = error.message;
  note_login(parts, request, event);
  return api::problem(request, error);
}

http::Response token(const Parts& parts, const http::Request& request) {
  const auto polled = parts.login.poll_device(given(request, "handle"));
  if (!polled) return refuse(parts, request, polled.error());
  if (polled->state == DevicePoll::State::kPending) return secret({{"state", "pending"}});
  if (polled->state == DevicePoll::State::kSlowDown) return secret({{"state", "slow_down"}});
  const auto user = parts.accounts.sign_in(polled->identity);
  if (!user) return refuse(parts, request, user.error());
  // Who has just signed in may make what anybody may who has; not an admin's.
  account::Principal maker;
  maker.user = user->name;
  maker.method = "oidc";
  const auto name = given(request, "name");
  const auto made = make_token(parts.tokens, parts.keys, maker,
                               {name.empty() ? "recorte login" : name, {}, ""}, now_micros());
  if (!made) return refuse(parts, request, made.error());
  account::Event event;
  event.act = "login";
  event.outcome = "ok";
  event.user = user->name;
  event.method = "oidc";
  event.credential = made->token.id;
  event.object = "device";
  note_login(parts, request, event);
  event.act = "token";
  event.object = made->token.id;
  note_login(parts, request, event);
  auto body = account::token_json(made->token);
  body["state"] = "done";
  body["token"] = made->text;
  auto out = secret(body);
  out.notes.user = user->name;
  out.notes.object = made->token.id;
  return out;
}

}  // namespace

http::Handler device_handler(const Parts& parts) {
  return waiting(parts, &api::problem,
                 [parts](const http::Request& request) { return begin(parts, request); });
}

http::Handler device_token_handler(const Parts& parts) {
  return waiting(parts, &api::problem,
                 [parts](const http::Request& request) { return token(parts, request); });
}

}  // namespace recorte::account_face
