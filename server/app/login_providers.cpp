// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/login_providers.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <utility>

namespace recorte::app {
namespace {

constexpr std::size_t kLongestAnswer = 512 << 10;

Result<auth::Provider> provider_of(const std::string& name, const config::OidcSettings& settings,
                                   const auth::oidc::Providers& known) {
  auto secret = config::read_secret(settings.secret);
  if (!secret) return fail(std::move(secret).error());
  if (std::ranges::find(settings.login_scopes, "openid") == settings.login_scopes.end())
    return fail(
        ErrorCode::kUsage,
        "login_scopes of [auth.oidc." + name +
            "] has no openid, without which a provider does not say who somebody is; add it");
  auth::Provider out;
  out.name = name;
  out.title = settings.title.empty() ? name : settings.title;
  out.issuer = settings.issuer;
  out.client = settings.client;
  out.secret = std::move(*secret);
  out.scopes = join(settings.login_scopes, " ");
  out.leeway = settings.leeway;
  out.endpoints = [&known, name] { return known.endpoints(name); };
  net::Bounds bounds;
  bounds.connect = bounds.whole = settings.timeout;
  bounds.answer = kLongestAnswer;
  bounds.ca = settings.ca;
  out.call = [bounds](const net::JsonCall& call) { return net::call_json(call, bounds); };
  out.signed_claims = [&known, name](const std::string& jwt) {
    return known.signed_claims(name, jwt);
  };
  out.identify = [&known, name](const nlohmann::json& claims) {
    return known.identity(name, claims);
  };
  return out;
}

}  // namespace

Result<std::vector<auth::Provider>> login_providers(const config::Settings& settings,
                                                    const auth::oidc::Providers& known) {
  std::vector<auth::Provider> out;
  for (const auto& [name, each] : settings.oidc) {
    if (!each.login) continue;
    auto provider = provider_of(name, each, known);
    if (!provider) return fail(std::move(provider).error());
    out.push_back(std::move(*provider));
  }
  return out;
}

}  // namespace recorte::app
