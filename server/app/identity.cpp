// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/identity.hpp"

#include "auth/token/token_authenticator.hpp"
#include "server/app/routes.hpp"

#include <utility>

namespace recorte::app {
namespace {

std::vector<std::unique_ptr<auth::Authenticator>> authenticators(
    const config::Settings& settings, AccountStores& stores,
    const auth::oidc::Providers& providers) {
  std::vector<std::unique_ptr<auth::Authenticator>> out;
  out.push_back(
      std::make_unique<auth::TokenAuthenticator>(stores.tokens, stores.keys.key("token")));
  if (!settings.oidc.empty()) out.push_back(providers.bearer());
  return out;
}

auth::Chain::Options chain_options(const config::AuthSettings& settings,
                                   std::vector<account::Grant> grants) {
  return {.grants = std::move(grants),
          .keep_groups = settings.keep_groups,
          .tries = {.of_address = settings.tries_per_address, .again = settings.try_again}};
}

identity::Gate::Options gate_options(const config::Settings& settings) {
  std::vector<std::string> issuers;
  for (const auto& [name, provider] : settings.oidc) issuers.push_back(provider.issuer);
  return {.anonymous = settings.anonymous.cutouts,
          .challenges = {.basic = false, .issuers = std::move(issuers)},
          .threads = static_cast<std::size_t>(settings.auth.threads),
          .waiting = static_cast<std::size_t>(settings.auth.waiting)};
}

}  // namespace

Identity::Identity(const config::Settings& settings, std::unique_ptr<AccountStores> stores,
                   std::unique_ptr<auth::oidc::Providers> providers,
                   std::vector<account::Grant> grants)
    : stores_(std::move(stores)),
      providers_(std::move(providers)),
      chain_(authenticators(settings, *stores_, *providers_), stores_->accounts,
             chain_options(settings.auth, std::move(grants))),
      gate_(gate_options(settings), chain_, *stores_->audit, stores_->keys.key("form"), refuse) {}

Result<std::unique_ptr<Identity>> Identity::open(const config::Settings& settings,
                                                 const db::Database& database) {
  std::vector<account::Grant> grants;
  for (const auto& sentence : settings.auth.grants) {
    auto grant = account::parse_grant(sentence);
    if (!grant) return fail(std::move(grant).error());
    grants.push_back(std::move(*grant));
  }
  auto providers = auth::oidc::Providers::of(settings.oidc);
  if (!providers) return fail(std::move(providers).error());
  auto stores = AccountStores::open(settings, database);
  if (!stores) return fail(std::move(stores).error());
  return std::unique_ptr<Identity>(
      new Identity(settings, std::move(*stores), std::move(*providers), std::move(grants)));
}

http::Guard Identity::guard() {
  return [this](const http::Route& route, std::shared_ptr<http::Request> request, http::Reply reply,
                identity::Gate::Next next) {
    gate_.come(route, std::move(request), std::move(reply), std::move(next));
  };
}

}  // namespace recorte::app
