/// The OpenID providers of the settings: who comes with a bearer token of theirs, and what signing
/// in there needs to know. Each is asked by one place, however many need it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "core/account/identity.hpp"
#include "core/base/error.hpp"
#include "core/config/settings_oidc.hpp"
#include "core/net/openid.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <string>

namespace recorte::auth::oidc {

class Provider;

class Providers {
 public:
  /// By name, as [auth.oidc.NAME] has them. kUsage where one cannot be set up; kUnsupported where
  /// there is any in a build without liboauth2. Nobody is asked yet.
  static Result<std::unique_ptr<Providers>> of(
      const std::map<std::string, config::OidcSettings>& settings);
  ~Providers();
  Providers(const Providers&) = delete;
  Providers& operator=(const Providers&) = delete;

  /// Takes their access tokens. This must outlive it.
  std::unique_ptr<Authenticator> bearer() const;

  // For signing in at one, by its name; kNotFound where there is none of that name. [any thread]

  /// kUnavailable where it does not answer, or not as it should.
  Result<net::OpenidProvider> endpoints(const std::string& name) const;
  /// The claims of an ID token that one of its keys has signed, with an algorithm of the settings.
  /// What they say is for the caller to check: whom it is for, until when, of which sign-in.
  /// kUnauthenticated where it is no such token, kUnavailable where that cannot be told now.
  Result<nlohmann::json> signed_claims(const std::string& name, const std::string& id_token) const;
  /// Who that is here: name, e-mail and groups, as the settings have it. kUnauthenticated where
  /// nobody can be made of these claims.
  Result<account::Identity> identity(const std::string& name, const nlohmann::json& claims) const;

 private:
  Providers();
  Result<Provider*> find(const std::string& name) const;
  std::map<std::string, std::unique_ptr<Provider>> all_;
};

}  // namespace recorte::auth::oidc
