/// Names of entries (RFC 4514), taken apart.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::auth::ldap {

/// One part of a name: "cn=astro" is {"cn", "astro"}, the attribute in lower case. One of several
/// attributes, "cn=a+uid=b", has the attribute "" and the whole as its value.
using Part = std::pair<std::string, std::string>;

/// The parts, the entry's own first; nullopt where the text is no name.
std::optional<std::vector<Part>> name_parts(std::string_view name);
/// Whether an entry of that name is beneath the one of the other; without case.
bool is_beneath(std::string_view name, std::string_view base);

}  // namespace recorte::auth::ldap
