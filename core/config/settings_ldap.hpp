/// [auth.ldap]: a directory whose users are ours. A part of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/config/secret.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace recorte::config {

struct LdapSettings {
  /// "ldap://ldap.example.org", "ldaps://…", with ports; they hold the same, and the next is asked
  /// where one does not answer. None: there is no directory.
  std::vector<std::string> urls;
  bool plain = false;        ///< without TLS: loopback alone
  std::filesystem::path ca;  ///< "": the system's
  std::string bind;          ///< the name of the account that searches; "": nobody's
  Secret secret;             ///< its password

  std::string base;                     ///< users are beneath it
  std::string filter = "(uid={user})";  ///< who may sign in by the name {user}
  std::string user = "uid";             ///< attribute: their name here
  std::string subject;                  ///< attribute: who they are for ever; "": the entry's name
  std::string email = "mail";           ///< attribute

  std::string groups = "memberOf";  ///< attribute of the user; "none": it is not looked at
  std::string group_base;           ///< groups are beneath it; "": none is searched for
  std::string group_filter =
      "(|(&(objectClass=groupOfNames)(member={dn}))(&(objectClass=posixGroup)(memberUid={user})))";
  std::string group = "cn";           ///< attribute: a group's name there
  std::string group_name = "{name}";  ///< and here

  Micros timeout = 3'000'000;    ///< of one server of these, from connecting to its last answer
  Micros cache = 60'000'000;     ///< how long a password that was right is not asked about again
  std::int64_t connections = 4;  ///< that are kept for searching
};

/// "ldap://host", "ldaps://host:636": scheme and host alone, in lower case. kUsage names it.
Result<std::string> parse_ldap_url(std::string_view text);
/// Whether its host is this machine.
bool is_loopback_url(std::string_view url);

/// What in it does not go together: the key that is wrong, and why.
struct LdapComplaint {
  std::string key, sentence;
};
std::optional<LdapComplaint> complaint_about(const LdapSettings& settings);

}  // namespace recorte::config
