// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/filter.hpp"

#include <algorithm>

namespace recorte::auth::ldap {

std::string filter_value(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool means = c == '*' || c == '(' || c == ')' || c == '\\';
    if (means || byte < 0x20 || byte >= 0x7F) {
      out += '\\';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    } else {
      out += c;
    }
  }
  return out;
}

std::string filter_of(std::string_view pattern,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string out;
  while (!pattern.empty()) {
    const auto open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const auto name = pattern.substr(1, pattern.find('}') - 1);
    const auto* const known =
        std::ranges::find(values, name, &std::pair<std::string_view, std::string_view>::first);
    if (known == values.end()) {
      out += '{';
      pattern.remove_prefix(1);
    } else {
      out += filter_value(known->second);
      pattern.remove_prefix(name.size() + 2);
    }
  }
  return out;
}

}  // namespace recorte::auth::ldap
