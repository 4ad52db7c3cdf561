/// [auth.oidc.NAME]: an OpenID provider whose users are ours. A part of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/config/secret.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::config {

struct OidcSettings {
  std::string issuer;  ///< "https://cilogon.org", to the letter
  std::string client;  ///< our id there
  Secret secret;

  // Which access tokens are taken.
  std::string tokens = "any";          ///< "jwt", "opaque", "any"
  std::string token_prefix;            ///< of opaque ones, told from others' by it
  std::vector<std::string> audiences;  ///< one of which a token is for; none: `client`
  std::vector<std::string> clients;    ///< to which it was given; none: `client`; "*": to any
  std::vector<std::string> algorithms{"RS256", "ES256"};
  std::vector<std::string> scopes;  ///< each of which a token has

  // What is made of claims.
  std::vector<std::string> user_claims{"eppn", "preferred_username", "sub"};
  std::string name_suffix;
  std::string email_claim = "email";
  std::vector<std::string> group_claims{"isMemberOf"};  ///< none: groups are not its to tell
  std::vector<std::string> group_map;                   ///< "THERE = here"; none: the same names

  // How people sign in there with a browser or from a terminal.
  bool login = true;
  std::string title;  ///< for people; "": the section's name
  std::vector<std::string> login_scopes{"openid", "email", "profile"};

  // How it is asked.
  std::vector<std::string> hosts;  ///< of endpoints, besides the issuer's
  std::filesystem::path ca;        ///< certificates to trust; "": the system's
  Micros leeway = 60'000'000;      ///< between its clock and ours
  Micros timeout = 5'000'000;      ///< of one question
  Micros keep_verdicts = 60'000'000;
  Micros keep_keys = 3'600'000'000;
};

}  // namespace recorte::config
