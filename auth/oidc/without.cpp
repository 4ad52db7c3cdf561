// SPDX-License-Identifier: BSD-3-Clause
//
// A build without liboauth2 has no providers.
#include "auth/oidc/providers.hpp"

namespace recorte::auth::oidc {

class Provider {};

namespace {

tl::unexpected<Error> nobody() {
  return fail(ErrorCode::kNotFound, "there are no OpenID providers in this build");
}

class Nobody : public Authenticator {
 public:
  std::string_view name() const override { return "oidc"; }
  bool quick() const override { return true; }
  Result<std::optional<account::Identity>> identify(const Credentials& /*credentials*/) override {
    return std::nullopt;
  }
};

}  // namespace

Providers::Providers() = default;
Providers::~Providers() = default;

Result<std::unique_ptr<Providers>> Providers::of(
    const std::map<std::string, config::OidcSettings>& settings) {
  if (settings.empty()) return std::unique_ptr<Providers>(new Providers());
  return fail(ErrorCode::kUnsupported,
              "[auth.oidc." + settings.begin()->first +
                  "]: this recorte-server was built without liboauth2 (RECORTE_OAUTH2=OFF), and "
                  "takes no tokens of OpenID providers; use one that was built with it, or remove "
                  "the section");
}

std::unique_ptr<Authenticator> Providers::bearer() const { return std::make_unique<Nobody>(); }

Result<net::OpenidProvider> Providers::endpoints(const std::string& /*name*/) const {
  return nobody();
}

Result<nlohmann::json> Providers::signed_claims(const std::string& /*name*/,
                                                const std::string& /*id_token*/) const {
  return nobody();
}

Result<account::Identity> Providers::identity(const std::string& /*name*/,
                                              const nlohmann::json& /*claims*/) const {
  return nobody();
}

}  // namespace recorte::auth::oidc
