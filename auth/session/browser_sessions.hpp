/// Sessions of browsers: opened by a sign-in, shown by a cookie, over after an idle time, after a
/// lifetime, or when somebody ends them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "core/account/keys.hpp"
#include "core/account/session.hpp"
#include "core/base/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::auth {

class BrowserSessions {
 public:
  struct Options {
    Micros idle = 8LL * 3600 * 1'000'000;
    Micros lifetime = 7LL * 86'400 * 1'000'000;
    std::function<Micros()> clock = now_micros;
  };
  /// `sessions` must outlive it.
  BrowserSessions(account::Sessions& sessions, const account::Keys& keys, Options options);

  struct Opened {
    account::Session session;
    std::string secret;  ///< for the cookie
  };
  /// Of a user who has just shown who they are. `agent` is shortened.
  Result<Opened> open(const std::string& user, const std::string& method,
                      const std::string& address, std::string_view agent);
  /// The one of a cookie, noted as seen; nullopt where it is over, or was never one.
  Result<std::optional<account::Session>> find(std::string_view secret, const std::string& address);
  /// Of a user, those that are not over, the newest first.
  Result<std::vector<account::Session>> list(const std::string& user);
  /// kNotFound where that user has none of that id.
  Status end(const std::string& id, const std::string& user) { return sessions_.end(id, user); }
  Micros lifetime() const { return options_.lifetime; }

 private:
  bool over(const account::Session& session, Micros now) const;

  account::Sessions& sessions_;
  const account::Key key_;
  const Options options_;
};

class SessionAuthenticator : public Authenticator {
 public:
  /// `sessions` must outlive it.
  explicit SessionAuthenticator(BrowserSessions& sessions) : sessions_(sessions) {}
  std::string_view name() const override { return "session"; }
  bool quick() const override { return true; }
  Result<std::optional<account::Identity>> identify(const Credentials& credentials) override;

 private:
  BrowserSessions& sessions_;
};

}  // namespace recorte::auth
