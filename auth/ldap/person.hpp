/// Somebody whom a directory knows, in the words of this service.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace recorte::auth::ldap {

struct Person {
  std::string subject;  ///< who they are for ever
  std::string user;     ///< their name here, as the directory writes it
  std::string email;
  std::vector<std::string> groups;  ///< by their names here, sorted
};

}  // namespace recorte::auth::ldap
