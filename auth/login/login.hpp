/// Signing in at an OpenID provider, from the first link to who it is: the authorization code flow
/// with PKCE (RFC 6749, 7636, 9207, 9700; OpenID Connect Core, 3.1), and the device flow (RFC 8628)
/// for terminals.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/login/device.hpp"
#include "auth/login/provider.hpp"
#include "auth/login/state.hpp"
#include "core/account/session.hpp"

#include <functional>
#include <string>
#include <vector>

namespace recorte::auth {

class Login {
 public:
  /// `spent` must outlive it.
  Login(std::vector<Provider> providers, account::Spent& spent, const account::Keys& keys,
        std::function<Micros()> clock = now_micros);

  std::size_t size() const { return all_.size(); }
  /// In order, by position.
  const Provider& provider(std::size_t i) const { return all_.at(i); }

  /// How long somebody may take to sign in at the provider.
  static constexpr Micros kPatience = 600'000'000;

  /// Where the browser goes. `browser`: a random secret in a cookie of its own; `redirect_uri`:
  /// ours for that provider. kNotFound where there is no such provider, kUnavailable where it is
  /// away.
  Result<std::string> begin(const std::string& provider, const std::string& return_to,
                            const std::string& redirect_uri, const std::string& browser);

  /// What the browser comes back with; "" for what is missing.
  struct Back {
    std::string provider;  ///< by the path: each has its own
    std::string code, state, issuer, error, error_description;
  };
  struct Done {
    account::Identity identity;
    std::string return_to;
  };
  /// Good once. kForbidden where it did not begin in that browser or with that provider, was taken
  /// before, or the provider says no; kUnavailable where it is away.
  Result<Done> finish(const Back& back, const std::string& redirect_uri,
                      const std::string& browser);

  /// "": the first that can. kUnsupported where none can.
  Result<Device> begin_device(const std::string& provider);
  Result<DevicePoll> poll_device(const std::string& handle);

 private:
  Result<const Provider*> find(const std::string& name) const;
  Result<Device> begin_device(const Provider& provider, const net::OpenidProvider& endpoints);

  account::Spent& spent_;
  const States states_;
  Devices devices_;
  const std::function<Micros()> clock_;
  const std::vector<Provider> all_;
};

}  // namespace recorte::auth
