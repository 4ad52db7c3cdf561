/// Tokens of this service: 256 random bits that only their bearer knows, and what is kept of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/account/user.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::account {

struct Token {
  std::string id;    ///< public, for lists, logs and revocation
  std::string user;  ///< whose it is
  std::string name;  ///< what its user calls it
  Scopes scopes;
  Micros created = 0, expires = 0;  ///< 0: never
  Micros used = 0;                  ///< last, to the minute; 0: not yet
  std::string used_from;            ///< address
  Micros revoked = 0;               ///< 0: it is not
};

/// "read", "submit", "admin", "survey:NAME", in any number: what a token is for. kUsage names the
/// word that is none.
Result<Scopes> parse_scopes(const std::vector<std::string>& words);
std::vector<std::string> scope_words(const Scopes& scopes);

/// A new token's text, "rct_" and 43 characters: shown once.
std::string new_token();
/// Whether a text could be one, to be told from a provider's.
bool looks_like_token(std::string_view text);

/// Every call asks the database. [any thread]
class Tokens {
 public:
  virtual ~Tokens() = default;
  /// `hash` as hash_of() makes it (core/account/keys.hpp).
  virtual Status add(const Token& token, const std::string& hash) = 0;
  struct Found {
    Token token;
    User user;
  };
  /// Also one that is revoked or expired, or whose user is disabled; nullopt where there is none.
  virtual Result<std::optional<Found>> find(const std::string& hash) = 0;
  /// Of a user, or of all where it is "": the newest first.
  virtual Result<std::vector<Token>> list(const std::string& user) = 0;
  /// At once, for every server. kNotFound; `user`: only where it is theirs, "" for anybody's.
  virtual Status revoke(const std::string& id, const std::string& user) = 0;
  /// Noted at most once a minute for each token.
  virtual Status touch(const std::string& id, Micros now, const std::string& address) = 0;
};

}  // namespace recorte::account
