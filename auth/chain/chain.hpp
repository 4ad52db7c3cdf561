/// From what a request brings to the principal that everything behind sees: the authenticators in
/// order, the account of the identity that one of them finds, and what grants make of it. Wrong
/// credentials are counted here, for all of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "auth/chain/tries.hpp"
#include "core/account/policy.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace recorte::auth {

class Chain {
 public:
  struct Options {
    std::vector<account::Grant> grants{};  ///< besides those of the database
    Micros keep_groups = 0;                ///< that a source told; 0: ever
    Tries::Options tries{};
  };
  /// `accounts` must outlive it.
  Chain(std::vector<std::unique_ptr<Authenticator>> authenticators, account::Accounts& accounts,
        Options options);

  /// Asks the quick authenticators; nullopt where it is for the others to judge. Blocks as long as
  /// the database takes. [any thread]
  ///
  /// The principal; of a service that acts for a user, that user's. kUnauthenticated where the
  /// credential is no good, kForbidden where the account is disabled or the service may not act for
  /// that user, kUnavailable where it cannot be judged now, kRateLimited where there were too many
  /// wrong ones.
  std::optional<Result<account::Principal>> quick(const Credentials& credentials);
  /// Asks the others. Blocks as long as a directory or a provider takes.
  Result<account::Principal> slow(const Credentials& credentials);
  /// Whoever comes without a credential, by the grants as they are now.
  Result<account::Principal> anonymous();

  /// Who a user is now, without a credential, to go on with what they began: as they are in the
  /// database, and by the grants there. `service`: that acted for them, "" for none. kForbidden
  /// where the account is disabled or gone, or the service may not act for them any more.
  Result<account::Principal> now(const std::string& user, const std::string& service);

  bool has(std::string_view authenticator) const;

 private:
  using Asked = std::optional<Result<account::Identity>>;
  Asked ask(const Credentials& credentials, bool quick);
  Result<account::Principal> sign_in(const Credentials& credentials,
                                     const account::Identity& identity);
  Result<std::vector<account::Grant>> grants();
  std::vector<std::string> groups_of(const account::User& user) const;

  const std::vector<std::unique_ptr<Authenticator>> authenticators_;
  account::Accounts& accounts_;
  const Options options_;
  /// Of what costs much to judge, and of tokens and sessions: nobody is kept from the one for what
  /// somebody else's old token does behind the same address.
  Tries guesses_, stale_;
};

}  // namespace recorte::auth
