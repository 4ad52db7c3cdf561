/// What a browser is known by after somebody has signed in with it: 256 random bits in a cookie,
/// and what is kept of them (core/db has it in SQL).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace recorte::account {

struct Session {
  std::string id;      ///< public, for lists, logs and ending it
  std::string user;    ///< whose it is
  std::string method;  ///< how they signed in: "oidc", "password", "ldap"
  std::string agent;   ///< what the browser calls itself, shortened
  std::string address;
  Micros created = 0, seen = 0;
  Micros expires = 0;  ///< at the latest
};

/// Every call asks the database. [any thread]
class Sessions {
 public:
  virtual ~Sessions() = default;
  /// `hash` as Key::hash_of() makes it. Also forgets sessions that ended by themselves: those that
  /// expire before its creation, or were not seen since `idle_since`. kNotFound where there is no
  /// such user any more.
  virtual Status add(const Session& session, const std::string& hash, Micros idle_since) = 0;
  /// Also one that has expired; nullopt where there is none.
  virtual Result<std::optional<Session>> find(const std::string& hash) = 0;
  virtual Result<std::vector<Session>> list(const std::string& user) = 0;  ///< the newest first
  virtual Status touch(const std::string& id, Micros now, const std::string& address) = 0;
  /// At once, for every server. kNotFound where that user has none of that id.
  virtual Status end(const std::string& id, const std::string& user) = 0;
};

/// Of things that are good once: the way back from a provider.
class Spent {
 public:
  virtual ~Spent() = default;
  /// False where it was spent before, from whatever server. Forgotten after `expires`, when whoever
  /// asks does not take it any more by itself.
  virtual Result<bool> spend(const std::string& hash, Micros expires, Micros now) = 0;
};

}  // namespace recorte::account
