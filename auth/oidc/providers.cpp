// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/providers.hpp"

#include "auth/oidc/bearer.hpp"
#include "auth/oidc/identity.hpp"
#include "auth/oidc/provider.hpp"

#include <utility>
#include <vector>

namespace recorte::auth::oidc {

Providers::Providers() = default;
Providers::~Providers() = default;

Result<std::unique_ptr<Providers>> Providers::of(
    const std::map<std::string, config::OidcSettings>& settings) {
  std::unique_ptr<Providers> out(new Providers());
  for (const auto& [name, each] : settings) {
    auto provider = Provider::of(each);
    if (!provider)
      return fail(provider.error().code, "[auth.oidc." + name + "]: " + provider.error().message);
    out->all_.emplace(name, std::move(*provider));
  }
  return out;
}

std::unique_ptr<Authenticator> Providers::bearer() const {
  std::vector<Provider*> providers;
  for (const auto& [name, each] : all_) providers.push_back(each.get());
  return std::make_unique<Bearer>(std::move(providers));
}

Result<Provider*> Providers::find(const std::string& name) const {
  const auto one = all_.find(name);
  if (one == all_.end())
    return fail(ErrorCode::kNotFound, "there is no OpenID provider '" + name + "' here");
  return one->second.get();
}

Result<net::OpenidProvider> Providers::endpoints(const std::string& name) const {
  const auto provider = find(name);
  if (!provider) return fail(provider.error());
  return (*provider)->endpoints();
}

Result<nlohmann::json> Providers::signed_claims(const std::string& name,
                                                const std::string& id_token) const {
  const auto provider = find(name);
  if (!provider) return fail(provider.error());
  return (*provider)->id_token_claims(id_token);
}

Result<account::Identity> Providers::identity(const std::string& name,
                                              const nlohmann::json& claims) const {
  const auto provider = find(name);
  if (!provider) return fail(provider.error());
  return identity_of(claims, (*provider)->settings());
}

}  // namespace recorte::auth::oidc
