/// Who somebody is, for themselves: signing in and out with a browser or from a terminal, their
/// tokens and sessions. Pages for people, JSON for programs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/chain.hpp"
#include "auth/login/login.hpp"
#include "auth/session/browser_sessions.hpp"
#include "core/account/audit.hpp"
#include "core/account/keys.hpp"
#include "core/account/token.hpp"
#include "core/account/user.hpp"
#include "server/http/pool.hpp"
#include "server/http/router.hpp"

#include <optional>
#include <string>
#include <vector>

namespace recorte::account_face {

/// All of it must outlive the routes.
struct Parts {
  account::Accounts& accounts;
  account::Tokens& tokens;
  account::Audit& audit;
  auth::Chain& chain;  ///< judges passwords
  auth::Login& login;
  auth::BrowserSessions& sessions;
  const account::Keys& keys;
  http::Pool& threads;  ///< for those who wait for a provider or a directory
};

std::vector<http::Route> routes(const Parts& parts);

/// Whether anybody can sign in with a browser: at a provider, or with a password.
bool can_sign_in(const Parts& parts);
bool takes_passwords(const Parts& parts);

/// What a browser gets that may not come to one of these pages; nullopt for other paths.
std::optional<http::Response> refusal_page(const http::Request& request, int status,
                                           const std::string& message);

}  // namespace recorte::account_face
