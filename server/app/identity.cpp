// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/identity.hpp"

#include "auth/ldap/authenticator.hpp"
#include "auth/password/password.hpp"
#include "auth/token/token_authenticator.hpp"
#include "server/app/routes.hpp"
#include "server/identity/protected_resource.hpp"
#include "server/vosi/vosi.hpp"

#include <utility>

namespace recorte::app {
namespace {

using Authenticators = std::vector<std::unique_ptr<auth::Authenticator>>;

Result<Authenticators> authenticators(const config::Settings& settings, AccountStores& stores,
                                      const auth::oidc::Providers& providers,
                                      Passwords& passwords) {
  Authenticators out;
  out.push_back(
      std::make_unique<auth::TokenAuthenticator>(stores.tokens, stores.keys.key("token")));
  if (!settings.oidc.empty()) out.push_back(providers.bearer());
  const bool directory = !settings.ldap.urls.empty();
  if (settings.auth.passwords)
    out.push_back(auth::password_authenticator(stores.accounts, passwords, {.last = !directory}));
  if (directory) {
    auto ldap = auth::ldap::authenticator(settings.ldap);
    if (!ldap) return fail(std::move(ldap).error());
    out.push_back(std::move(*ldap));
  }
  return out;
}

auth::Chain::Options chain_options(const config::AuthSettings& settings,
                                   std::vector<account::Grant> grants) {
  return {.grants = std::move(grants),
          .keep_groups = settings.keep_groups,
          .tries = {.of_user = settings.tries_per_user,
                    .of_address = settings.tries_per_address,
                    .again = settings.try_again}};
}

identity::Gate::Options gate_options(const config::Settings& settings) {
  std::vector<std::string> issuers;
  for (const auto& [name, provider] : settings.oidc) issuers.push_back(provider.issuer);
  const auto& auth = settings.auth;
  const bool basic = auth.passwords || !settings.ldap.urls.empty();
  return {.anonymous = settings.anonymous.cutouts,
          .challenges = {.basic = basic, .issuers = std::move(issuers)},
          .threads = static_cast<std::size_t>(auth.threads),
          .waiting = static_cast<std::size_t>(auth.waiting),
          .slow_threads = static_cast<std::size_t>(auth.slow_threads),
          .slow_waiting = static_cast<std::size_t>(auth.slow_waiting)};
}

}  // namespace

Identity::Identity(const config::Settings& settings, std::unique_ptr<AccountStores> stores,
                   std::unique_ptr<auth::oidc::Providers> providers,
                   std::unique_ptr<Passwords> passwords, Authenticators authenticators,
                   std::vector<account::Grant> grants)
    : stores_(std::move(stores)),
      providers_(std::move(providers)),
      passwords_(std::move(passwords)),
      chain_(std::move(authenticators), stores_->accounts,
             chain_options(settings.auth, std::move(grants))),
      gate_(gate_options(settings), chain_, *stores_->audit, stores_->keys.key("form"), refuse),
      anonymous_(settings.anonymous.cutouts) {}

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
  auto passwords = std::make_unique<Passwords>(Passwords::Options{});
  auto all = authenticators(settings, **stores, **providers, *passwords);
  if (!all) return fail(std::move(all).error());
  return std::unique_ptr<Identity>(new Identity(settings, std::move(*stores), std::move(*providers),
                                                std::move(passwords), std::move(*all),
                                                std::move(grants)));
}

std::vector<http::Route> Identity::routes() const {
  return {{"/capabilities",
           {"GET"},
           {http::Need::kWelcome},
           vosi::capabilities_handler({.anonymous = anonymous_,
                                       .passwords = chain_.has("password") || chain_.has("ldap"),
                                       .cookies = chain_.has("session")})},
          {std::string(identity::kProtectedResource),
           {"GET"},
           {http::Need::kNothing},
           identity::protected_resource_handler(gate_.challenges().issuers)}};
}

http::Guard Identity::guard() {
  return [this](const http::Route& route, std::shared_ptr<http::Request> request, http::Reply reply,
                identity::Gate::Next next) {
    gate_.come(route, std::move(request), std::move(reply), std::move(next));
  };
}

}  // namespace recorte::app
