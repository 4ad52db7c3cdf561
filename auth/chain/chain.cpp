// SPDX-License-Identifier: BSD-3-Clause
#include "auth/chain/chain.hpp"

#include "core/base/time.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace recorte::auth {
namespace {

using account::Principal;

tl::unexpected<Error> nobody_takes(const Credentials& credentials) {
  if (credentials.kind == Credentials::Kind::kBasic)
    return fail(ErrorCode::kUnauthenticated,
                "no user names with passwords are taken here; send a token, as Authorization: "
                "Bearer TOKEN");
  return fail(ErrorCode::kUnauthenticated, credentials.kind == Credentials::Kind::kSession
                                               ? "the session is over; sign in again"
                                               : std::string(kBadToken));
}

tl::unexpected<Error> too_many(std::int64_t wait) {
  Error out{ErrorCode::kRateLimited,
            "there were too many wrong credentials of this user or from this address; try again "
            "in " +
                std::to_string(wait) + " s, or use a token of this service",
            wait};
  return fail(std::move(out));
}

/// The same whether there is no such user, they are disabled, or nothing was granted: a service
/// learns of nobody but its own users.
tl::unexpected<Error> may_not_act(const std::string& service, const std::string& user) {
  return fail(ErrorCode::kForbidden, "the service " + service + " may not act for '" + user +
                                         "'; an admin grants it: recorte grant add 'service " +
                                         service + " may act on user NAME'");
}

}  // namespace

Chain::Chain(std::vector<std::unique_ptr<Authenticator>> authenticators,
             account::Accounts& accounts, Options options)
    : authenticators_(std::move(authenticators)),
      accounts_(accounts),
      options_(std::move(options)),
      guesses_(options_.tries),
      stale_(options_.tries) {}

bool Chain::has(std::string_view authenticator) const {
  return std::ranges::any_of(authenticators_,
                             [&](const auto& one) { return one->name() == authenticator; });
}

Chain::Asked Chain::ask(const Credentials& credentials, bool quick) {
  for (const auto& one : authenticators_) {
    if (one->quick() != quick) continue;
    auto identity = one->identify(credentials);
    if (!identity) return fail(std::move(identity).error());
    if (*identity) return std::move(**identity);
  }
  return {};
}

std::optional<Result<Principal>> Chain::quick(const Credentials& credentials) {
  auto identity = ask(credentials, true);
  if (!identity) {
    const bool others =
        std::ranges::any_of(authenticators_, [](const auto& one) { return !one->quick(); });
    if (others && credentials.kind != Credentials::Kind::kSession) return {};
    identity = nobody_takes(credentials);
  }
  // What is good is let in however many wrong ones came from there: it cost nothing to see.
  if (*identity) return sign_in(credentials, **identity);
  const auto now = steady_micros();
  if (identity->error().code == ErrorCode::kUnauthenticated) {
    if (const auto wait = stale_.wait_for(credentials.address, "", now); wait > 0)
      return too_many(wait);
    stale_.failed(credentials.address, "", now);
  }
  return fail(std::move(*identity).error());
}

Result<Principal> Chain::slow(const Credentials& credentials) {
  const auto& [address, user] = std::tie(credentials.address, credentials.user);
  if (const auto wait = guesses_.wait_for(address, user, steady_micros()); wait > 0)
    return too_many(wait);
  auto identity = ask(credentials, false);
  if (!identity) identity = nobody_takes(credentials);
  if (*identity) {
    guesses_.succeeded(address, user, steady_micros());
    return sign_in(credentials, **identity);
  }
  if (identity->error().code == ErrorCode::kUnauthenticated)
    guesses_.failed(address, user, steady_micros());
  return fail(std::move(*identity).error());
}

Result<Principal> Chain::sign_in(const Credentials& credentials,
                                 const account::Identity& identity) {
  const auto user = accounts_.sign_in(identity);
  if (!user) return fail(user.error());
  const auto all = grants();
  if (!all) return fail(all.error());
  auto principal = account::principal_of(*user, groups_of(*user), identity, *all);
  const auto& for_whom = credentials.on_behalf_of;
  if (for_whom.empty()) return principal;
  if (!user->service)
    return fail(ErrorCode::kForbidden, "only services act for others, and " + user->name +
                                           " is none; leave X-Recorte-On-Behalf-Of out");
  const auto other = accounts_.find(for_whom);
  if (!other && other.error().code != ErrorCode::kNotFound) return fail(other.error());
  if (!other || !other->enabled) return may_not_act(user->name, for_whom);
  auto acting = account::on_behalf_of(principal, *other, groups_of(*other), *all);
  if (!acting) return may_not_act(user->name, for_whom);
  return acting;
}

Result<std::vector<account::Grant>> Chain::grants() {
  auto out = accounts_.grants();
  if (out) out->insert(out->end(), options_.grants.begin(), options_.grants.end());
  return out;
}

std::vector<std::string> Chain::groups_of(const account::User& user) const {
  return user.groups_at(now_micros(), options_.keep_groups);
}

Result<Principal> Chain::now(const std::string& user, const std::string& service) {
  if (user == account::kAnonymous) return anonymous();
  const auto all = grants();
  if (!all) return fail(all.error());
  const auto account_of = [&](const std::string& name) -> Result<account::User> {
    auto found = accounts_.find(name);
    if (!found && found.error().code == ErrorCode::kNotFound)
      return fail(ErrorCode::kForbidden, "the account " + name + " is gone");
    if (found && !found->enabled)
      return fail(ErrorCode::kForbidden, "the account " + name + " is disabled");
    return found;
  };
  const auto whose = account_of(user);
  if (!whose) return fail(whose.error());
  if (service.empty()) return account::principal_of(*whose, groups_of(*whose), {}, *all);
  const auto acting = account_of(service);
  if (!acting) return fail(acting.error());
  const auto by = account::principal_of(*acting, groups_of(*acting), {}, *all);
  auto out = account::on_behalf_of(by, *whose, groups_of(*whose), *all);
  if (!out) return may_not_act(service, user);
  return out;
}

Result<Principal> Chain::anonymous() {
  const auto all = grants();
  if (!all) return fail(all.error());
  return account::anonymous(*all);
}

}  // namespace recorte::auth
