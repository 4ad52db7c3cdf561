/// How a row of the table of keys is written, and the rows that have a file of their own. Private
/// to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/config/settings_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::config::rows {

inline constexpr Micros kSecond = 1'000'000, kHour = 3600 * kSecond, kDay = 24 * kHour;

/// The member of a member: at<&S::server, &S::Server::listen>.
template <auto... members>
auto& at(Settings& settings, const std::string& /*free_name*/) {
  return (settings.*....*members);
}

/// A row whose value is a number between two others.
constexpr Key number(std::string_view section, std::string_view name, Kind kind, Field field,
                     std::int64_t low, std::int64_t high, std::string_view example,
                     std::string_view help) {
  return {section, name, kind, field, low, high, nullptr, {}, {}, example, help};
}

/// A row whose value is yes or no.
constexpr Key choice(std::string_view section, std::string_view name, Field field,
                     std::string_view example, std::string_view help) {
  return {section, name, Kind::kBool, field, 0, 0, nullptr, {}, {}, example, help};
}

/// A row whose value is text or a list of texts, paths among them.
constexpr Key text(std::string_view section, std::string_view name, Kind kind, Field field,
                   Result<std::string> (*check)(std::string_view), std::string_view syntax,
                   std::string_view unset, std::string_view example, std::string_view help) {
  return {section, name, kind, field, 0, 0, check, syntax, unset, example, help};
}

/// A row whose value says where a secret is.
constexpr Key secret(std::string_view section, std::string_view name, Field field,
                     std::string_view example, std::string_view help) {
  return {section, name, Kind::kSecret, field, 0, 0, nullptr, {}, "none", example, help};
}

}  // namespace recorte::config::rows
