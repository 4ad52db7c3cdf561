/// Versions of plugins, by number and not by text, and ranges of them: ">=1.2,<2".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::plugin {

struct Version {
  std::int64_t major = 0, minor = 0, patch = 0;
  auto operator<=>(const Version&) const = default;
};

/// "1.2.3"; nullopt where it is none.
std::optional<Version> parse_version(std::string_view text);

/// Versions from one on to below another.
class VersionRange {
 public:
  /// Conditions, separated by commas, all of which hold: ">=1.2", ">1.2", "<2", "<=1.2.3", "1.2"
  /// and "=1.2". Numbers that are left out: "1.2" is every 1.2.x, ">1.2" is 1.3.0 and later,
  /// ">=1.2" is 1.2.0 and later. kUsage names what is no condition, or that none can meet them all.
  static Result<VersionRange> parse(std::string_view text);

  bool contains(const Version& version) const { return from_ <= version && version < to_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  Version from_, to_;
};

}  // namespace recorte::plugin
