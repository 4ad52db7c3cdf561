/// Who asks: the stores of accounts, the authenticators and the gate, put together as the settings
/// say.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/chain.hpp"
#include "auth/login/login.hpp"
#include "auth/oidc/providers.hpp"
#include "auth/session/browser_sessions.hpp"
#include "core/base/error.hpp"
#include "core/base/password.hpp"
#include "core/config/settings.hpp"
#include "server/account/account.hpp"
#include "server/app/account_stores.hpp"
#include "server/http/router.hpp"
#include "server/identity/gate.hpp"

#include <memory>
#include <vector>

namespace recorte::app {

class Identity {
 public:
  /// kUsage where a grant of the settings is none, the secret is too short, the directory's cannot
  /// be read, or an OpenID provider cannot be set up.
  static Result<std::unique_ptr<Identity>> open(const config::Settings& settings,
                                                const db::Database& database);

  /// For the router, which must not outlive this.
  http::Guard guard();
  /// As auth::Chain::now(). [any thread]
  Result<account::Principal> now(const std::string& user, const std::string& service) {
    return chain_.now(user, service);
  }
  AccountStores& stores() { return *stores_; }
  /// What clients are told of how to sign in, and the pages where people do.
  std::vector<http::Route> routes();
  bool can_sign_in() { return account_face::can_sign_in(face()); }
  /// After the last request.
  void stop() {
    gate_.stop();
    waiting_.stop();
  }

 private:
  /// What can fail to be made.
  struct Made {
    std::unique_ptr<AccountStores> stores;
    std::unique_ptr<auth::oidc::Providers> providers;
    std::unique_ptr<Passwords> passwords;
    std::unique_ptr<auth::BrowserSessions> sessions;
    std::vector<std::unique_ptr<auth::Authenticator>> authenticators;
    std::vector<auth::Provider> places;
    std::vector<account::Grant> grants;
  };
  Identity(const config::Settings& settings, Made made);
  static Status add_authenticators(const config::Settings& settings, Made& made);
  account_face::Parts face();

  const std::unique_ptr<AccountStores> stores_;
  const std::unique_ptr<auth::oidc::Providers> providers_;
  const std::unique_ptr<Passwords> passwords_;
  const std::unique_ptr<auth::BrowserSessions> sessions_;
  auth::Chain chain_;
  auth::Login login_;
  identity::Gate gate_;
  http::Pool waiting_;  ///< for those who sign in
  const bool anonymous_;
};

}  // namespace recorte::app
