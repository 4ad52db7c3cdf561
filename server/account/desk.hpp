/// Tokens that somebody makes for themselves: within what they may themselves, and no longer than
/// the token that they made it with.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/issue.hpp"

#include <string>
#include <vector>

namespace recorte::account_face {

struct Wish {
  std::string name;
  std::vector<std::string> scopes;  ///< words; none: read and submit, as far as the maker may
  std::string expires;              ///< a duration; "": 90 days
};

inline constexpr Micros kUsualLife = 90LL * 86'400 * 1'000'000;
inline constexpr Micros kLongestLife = 366LL * 86'400 * 1'000'000;
inline constexpr std::size_t kMostTokens = 100;

/// kUsage says what is wrong with the wish, kForbidden what the maker may not give.
Result<account::Issued> make_token(account::Tokens& tokens, const account::Keys& keys,
                                   const account::Principal& maker, const Wish& wish, Micros now);
/// Of a user, those that are good.
Result<std::vector<account::Token>> good_tokens(account::Tokens& tokens, const std::string& user,
                                                Micros now);
/// kForbidden where a service acts for the user, or a token that may do little would revoke
/// another.
Status check_own_hand(const account::Principal& principal);
Status check_revoke(const account::Principal& principal, const std::string& id);
/// Within a maker's own: read, submit, admin, and the surveys.
Status check_within(const account::Scopes& wanted, const account::Principal& maker);
/// The scopes that somebody is offered.
account::Scopes usual_scopes(const account::Principal& maker);

}  // namespace recorte::account_face
