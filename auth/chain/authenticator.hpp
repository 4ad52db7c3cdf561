/// One way to show who one is. The chain asks its authenticators in order, and the first that takes
/// a credential for its own decides.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/identity.hpp"
#include "core/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recorte::auth {

/// What is said of every token that is no good, whatever the matter with it.
inline constexpr std::string_view kBadToken =
    "the token is not valid: it was never given out, is over, was revoked, or its user may not "
    "come in; get another one";

/// What a request brings. Holds secrets: not for logs.
struct Credentials {
  enum class Kind { kNone, kBearer, kBasic, kSession };
  Kind kind = Kind::kNone;
  std::string user;          ///< of kBasic
  std::string secret;        ///< the bearer token, the password, the session's cookie
  std::string on_behalf_of;  ///< user whom a service acts for; "" for none
  std::string address, request_id;
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// As [auth] order has it: "token", "oidc", "session", "password", "ldap".
  virtual std::string_view name() const = 0;
  /// Whether identify() costs no more than a look into this service's own database. The quick ones
  /// are asked first, on threads of their own, so that nobody with a token waits for a directory;
  /// and also while an address has to wait for having been wrong too often.
  virtual bool quick() const { return false; }
  /// Who it is; nullopt where such a credential is not this one's to judge. kUnauthenticated where
  /// it is, and is no good: one sentence for all that may be wrong with a password, as nobody is to
  /// learn who has an account. kUnavailable where it cannot be judged now: never taken for a no.
  /// May block, within bounds of its own. [any thread]
  virtual Result<std::optional<account::Identity>> identify(const Credentials& credentials) = 0;
};

}  // namespace recorte::auth
