// SPDX-License-Identifier: BSD-3-Clause
//
// [auth.ldap]: a directory.
#include "core/config/settings_rows.hpp"

namespace recorte::config {
namespace {

using S = Settings;
using rows::at;

}  // namespace

std::span<const Key> ldap_keys() {
  static const std::vector<Key> all{
      rows::text("auth.ldap", "url", Kind::kText, at<&S::ldap, &LdapSettings::url>, nullptr,
                 "`ldap://HOST` or `ldaps://HOST`", "there is none", R"("ldap://ldap.example.org")",
                 "The directory. `ldap` asks for TLS (StartTLS)."),
  };
  return all;
}

}  // namespace recorte::config
