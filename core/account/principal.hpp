/// Whoever a request comes from, once somebody has vouched for them: what every decision about
/// rights, quotas and queues is made of.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recorte::account {

/// The user that nobody vouches for. No account has this name.
inline constexpr std::string_view kAnonymous = "anonymous";

/// What a credential lets its bearer do, of what its user may.
struct Scopes {
  bool read = true;                  ///< find and see, cutouts among it
  bool submit = true;                ///< have jobs, and change them
  bool admin = true;                 ///< act as an admin, where the user is one
  std::vector<std::string> surveys;  ///< these alone; none: any
};

struct Principal {
  std::string user{kAnonymous};
  /// That the user is in, sorted; what stands among them for a grant on one survey, see
  /// account::opens() (core/account/policy.hpp).
  std::vector<std::string> groups;
  bool program = false;  ///< a service's account
  std::string service;   ///< that acts for the user; "" for none
  Scopes scopes;         ///< of a service that acts for a user, of what it was granted, too
  bool admin = false;    ///< a grant says so, and the scopes allow it
  std::string method;  ///< who vouches: "token", "session", "oidc", "ldap", "socket"; "" for nobody
  std::string credential;  ///< public id of the token or session; "" where there is none
  Micros ends = 0;         ///< of a token, when it is over; 0: never, or that is not known
  std::string email;       ///< "" where it is not known

  bool anonymous() const { return user == kAnonymous; }
};

}  // namespace recorte::account
