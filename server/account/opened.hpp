/// From somebody who has shown who they are to a browser that is signed in; and the secret that a
/// browser has while it is about to be. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/session/cookies.hpp"
#include "server/account/account.hpp"

#include <string>

namespace recorte::account_face {

struct Browser {
  std::string secret;  ///< of a cookie of its own, until it is signed in
  bool fresh = false;  ///< it came without one
};
Browser browser_of(const http::Request& request, const auth::Cookies& cookies);
/// Has it keep a fresh one.
void remember(const Browser& browser, const auth::Cookies& cookies, http::Response& response);

struct Signed {
  std::string user, method;
  std::string at;  ///< for the trail: a provider's name, "password"
};
/// A new session: never one that the browser had before, which somebody else might know. It goes on
/// to `return_to`, a path of ours.
http::Response open_session(const Parts& parts, const http::Request& request,
                            const auth::Cookies& cookies, const Signed& who,
                            const std::string& return_to);

}  // namespace recorte::account_face
