// SPDX-License-Identifier: BSD-3-Clause
#include "server/account/account.hpp"

#include "core/base/log.hpp"
#include "core/base/utf8.hpp"
#include "server/account/handlers.hpp"

#include <exception>
#include <utility>

namespace recorte::account_face {

std::vector<http::Route> routes(const Parts& parts) {
  using http::Need;
  using http::Of;
  return {
      {"/login", {"GET"}, {Need::kNothing}, login_page_handler(parts)},
      {"/login", {"POST"}, {Need::kNothing}, password_handler(parts)},
      {"/login/start/{provider}", {"GET"}, {Need::kNothing}, start_handler(parts)},
      {"/login/callback/{provider}",
       {"GET"},
       {Need::kNothing, "", Of::kAll, true},
       callback_handler(parts)},
      {"/logout", {"POST"}, {Need::kUser, "logout"}, logout_handler(parts), true},
      {"/account", {"GET"}, {Need::kWelcome}, own_page_handler(parts), true},
      {"/account/tokens", {"POST"}, {Need::kUser, "token"}, page_make_handler(parts), true},
      {"/account/tokens/{id}/revoke",
       {"POST"},
       {Need::kUser, "token", Of::kSelf},
       page_revoke_handler(parts),
       true},
      {"/account/sessions/{id}/end",
       {"POST"},
       {Need::kUser, "logout"},
       page_end_handler(parts),
       true},
      {"/api/v1/me", {"GET"}, {Need::kWelcome}, me_handler(parts)},
      {"/api/v1/tokens", {"GET"}, {Need::kUser}, list_handler(parts), true},
      {"/api/v1/tokens", {"POST"}, {Need::kUser, "token"}, make_handler(parts), true},
      {"/api/v1/tokens/{id}",
       {"DELETE"},
       {Need::kUser, "token", Of::kSelf},
       revoke_handler(parts),
       true},
      {"/api/v1/login/device", {"POST"}, {Need::kNothing}, device_handler(parts)},
      {"/api/v1/login/token",
       {"POST"},
       {Need::kNothing, "", Of::kAll, true},
       device_token_handler(parts)},
  };
}

bool takes_passwords(const Parts& parts) {
  return parts.chain.has("password") || parts.chain.has("ldap");
}

bool can_sign_in(const Parts& parts) { return parts.login.size() > 0 || takes_passwords(parts); }

http::Handler plain(Work work) {
  return [work = std::move(work)](const std::shared_ptr<const http::Request>& request,
                                  const http::Reply& reply) { reply(work(*request)); };
}

http::Handler waiting(const Parts& parts, Say say, Work work) {
  return [&threads = parts.threads, say, work = std::move(work)](
             const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
    const bool taken = threads.post([=] {
      if (*reply.gone()) return;
      try {
        reply(work(*request));
      } catch (const std::exception& e) {
        // The reply goes without a call, and answers 500 by itself.
        log::write(log::Level::kError, std::string("a sign-in failed: ") + e.what(),
                   {{"request_id", request->id}});
      }
    });
    if (!taken)
      reply(say(*request, {ErrorCode::kUnavailable,
                           "as many sign in at this moment as may; try again in a minute"}));
  };
}

void note_login(const Parts& parts, const http::Request& request, const account::Event& event) {
  auto out = event;
  out.time = now_micros();
  out.address = request.address;
  out.request_id = request.id;
  constexpr std::size_t kLongestName = 100;  // of whoever says that this is their name
  out.user = good_utf8(out.user.substr(0, kLongestName));
  parts.audit.add(std::move(out));
}

std::string given(const http::Request& request, std::string_view name) {
  const auto* value = request.parameter(name);
  return value == nullptr ? "" : *value;
}

}  // namespace recorte::account_face
