// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/identity.hpp"

#include "auth/ldap/authenticator.hpp"
#include "auth/password/password.hpp"
#include "auth/token/token_authenticator.hpp"
#include "server/app/login_providers.hpp"
#include "server/app/routes.hpp"
#include "server/identity/protected_resource.hpp"
#include "server/vosi/vosi.hpp"

#include <utility>

namespace recorte::app {
namespace {

constexpr std::size_t kSignIns = 8, kSignInsWaiting = 100;

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

/// In the order in which they are asked.
Status Identity::add_authenticators(const config::Settings& settings, Made& made) {
  auto& out = made.authenticators;
  auto& stores = *made.stores;
  out.push_back(std::make_unique<auth::SessionAuthenticator>(*made.sessions));
  out.push_back(
      std::make_unique<auth::TokenAuthenticator>(stores.tokens, stores.keys.key("token")));
  if (!settings.oidc.empty()) out.push_back(made.providers->bearer());
  const bool directory = !settings.ldap.urls.empty();
  if (settings.auth.passwords)
    out.push_back(
        auth::password_authenticator(stores.accounts, *made.passwords, {.last = !directory}));
  if (!directory) return {};
  auto ldap = auth::ldap::authenticator(settings.ldap);
  if (!ldap) return fail(std::move(ldap).error());
  out.push_back(std::move(*ldap));
  return {};
}

Identity::Identity(const config::Settings& settings, Made made)
    : stores_(std::move(made.stores)),
      providers_(std::move(made.providers)),
      passwords_(std::move(made.passwords)),
      sessions_(std::move(made.sessions)),
      chain_(std::move(made.authenticators), stores_->accounts,
             chain_options(settings.auth, std::move(made.grants))),
      login_(std::move(made.places), stores_->sessions, stores_->keys),
      gate_(gate_options(settings), chain_, *stores_->audit, stores_->keys.key("form"), refuse),
      waiting_(kSignIns, kSignInsWaiting),
      anonymous_(settings.anonymous.cutouts) {}

Result<std::unique_ptr<Identity>> Identity::open(const config::Settings& settings,
                                                 const db::Database& database) {
  Made made;
  for (const auto& sentence : settings.auth.grants) {
    auto grant = account::parse_grant(sentence);
    if (!grant) return fail(std::move(grant).error());
    made.grants.push_back(std::move(*grant));
  }
  auto providers = auth::oidc::Providers::of(settings.oidc);
  if (!providers) return fail(std::move(providers).error());
  made.providers = std::move(*providers);
  auto places = login_providers(settings, *made.providers);
  if (!places) return fail(std::move(places).error());
  made.places = std::move(*places);
  auto stores = AccountStores::open(settings, database);
  if (!stores) return fail(std::move(stores).error());
  made.stores = std::move(*stores);
  made.passwords = std::make_unique<Passwords>(Passwords::Options{});
  const auto& auth = settings.auth;
  made.sessions = std::make_unique<auth::BrowserSessions>(
      made.stores->sessions, made.stores->keys,
      auth::BrowserSessions::Options{.idle = auth.session_idle, .lifetime = auth.session_lifetime});
  RECORTE_TRY(add_authenticators(settings, made));
  return std::unique_ptr<Identity>(new Identity(settings, std::move(made)));
}

account_face::Parts Identity::face() {
  auto& known = *stores_;
  return {known.accounts, known.tokens, *known.audit, chain_,
          login_,         *sessions_,   known.keys,   waiting_};
}

std::vector<http::Route> Identity::routes() {
  auto out = account_face::routes(face());
  out.push_back(
      {"/capabilities",
       {"GET"},
       {http::Need::kWelcome},
       vosi::capabilities_handler({.anonymous = anonymous_,
                                   .passwords = chain_.has("password") || chain_.has("ldap"),
                                   .cookies = can_sign_in()})});
  out.push_back({std::string(identity::kProtectedResource),
                 {"GET"},
                 {http::Need::kNothing},
                 identity::protected_resource_handler(gate_.challenges().issuers)});
  return out;
}

http::Guard Identity::guard() {
  return [this](const http::Route& route, std::shared_ptr<http::Request> request, http::Reply reply,
                identity::Gate::Next next) {
    gate_.come(route, std::move(request), std::move(reply), std::move(next));
  };
}

}  // namespace recorte::app
