// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/version_text.hpp"

#include <array>
#include <cstdio>
#include <functional>

namespace recorte::cutout {

void VersionText::add(std::string_view part) {
  parts_ += std::to_string(part.size()) + ':';  // so that "ab", "c" is not "a", "bc"
  parts_ += part;
}

void VersionText::add(const FileStamp& stamp) {
  add(std::to_string(stamp.size) + '-' + std::to_string(stamp.mtime_ns) + '-' +
      std::to_string(stamp.inode));
}

std::string VersionText::text() const {
  const std::hash<std::string> hash;
  std::array<char, 33> out{};
  std::snprintf(out.data(), out.size(), "%016zx%016zx", hash("1" + parts_), hash("2" + parts_));
  return out.data();
}

}  // namespace recorte::cutout
