/// Filters of searches (RFC 4515) with somebody's words in them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace recorte::auth::ldap {

/// The text as a value in a filter: nothing in it means anything there.
std::string filter_value(std::string_view text);

/// `pattern` with each "{name}" of these replaced by its value, escaped. What a value holds is not
/// looked at again.
std::string filter_of(std::string_view pattern,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> values);

}  // namespace recorte::auth::ldap
