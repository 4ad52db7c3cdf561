// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/syntax.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace recorte::http {
namespace {

/// Up to the next semicolon that stands outside a quoted-string; it is taken too.
std::string_view take_part(std::string_view& field) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < field.size(); ++end) {
    if (field[end] == '"') quoted = !quoted;
    if (field[end] == ';' && !quoted) break;
    if (field[end] == '\\' && quoted && end + 1 < field.size()) ++end;
  }
  const auto part = field.substr(0, end);
  field.remove_prefix(std::min(end + 1, field.size()));
  return part;
}

}  // namespace

std::optional<std::string> unquoted(std::string_view text) {
  if (!text.starts_with('"'))
    return text.find('"') == text.npos ? std::optional(std::string(text)) : std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1 == text.size() ? std::optional(out) : std::nullopt;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return {};
}

std::optional<std::string> field_parameter(std::string_view field, std::string_view name) {
  take_part(field);
  while (!field.empty()) {
    const auto part = take_part(field);
    const auto equals = part.find('=');
    if (equals != part.npos && equal_ignoring_case(trim(part.substr(0, equals)), name))
      return unquoted(trim(part.substr(equals + 1)));
  }
  return {};
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out(text.substr(0, most));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text.size() > most ? out + "..." : out;
}

}  // namespace recorte::http
