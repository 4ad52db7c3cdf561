/// The versions that a survey pins its plugins to: [plugins] of its file, which says
/// des = ">=1.2,<2".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/plugin/version.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <string_view>

namespace recorte::plugin {

/// The section of a survey's file that holds them.
inline constexpr const char* kPinsSection = "plugins";

class Pins {
 public:
  /// Of the whole document of a survey's file. kUsage says what is no range; `where`, if given,
  /// receives the pointer to it.
  static Result<Pins> parse(const nlohmann::json& document, std::string* where = nullptr);

  /// nullptr: any version.
  const VersionRange* of(std::string_view id) const;
  const std::map<std::string, VersionRange, std::less<>>& all() const { return ranges_; }

 private:
  std::map<std::string, VersionRange, std::less<>> ranges_;
};

}  // namespace recorte::plugin
