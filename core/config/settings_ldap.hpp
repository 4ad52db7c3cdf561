/// [auth.ldap]: a directory whose users are ours. A part of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/secret.hpp"

#include <string>

namespace recorte::config {

struct LdapSettings {
  std::string url;  ///< "ldap://ldap.example.org"; "": none
};

}  // namespace recorte::config
