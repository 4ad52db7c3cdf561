/// Who an authenticator says somebody is: the words of a directory or a provider, before they are
/// an account of this service.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace recorte::account {

/// Of accounts that an admin made, with tokens and passwords of this service.
inline constexpr std::string_view kOwnSource = "recorte";

struct Identity {
  std::string source;   ///< kOwnSource, "ldap", or an OpenID provider's issuer
  std::string subject;  ///< what it calls them for ever; of kOwnSource, the user's name
  std::string name;     ///< the user's name that they would have here
  std::string email;
  /// What the source says now; nullopt where it says nothing (a token says nothing of groups).
  std::optional<std::vector<std::string>> groups;
  Scopes scopes;
  std::string method;      ///< as Principal has it
  std::string credential;  ///< as Principal has it
  Micros ends = 0;         ///< as Principal has it
};

}  // namespace recorte::account
