/// Names of files from a tile's row: "{archive_path}/{tilename}_r*p*_{band}.fits.fz", its stars
/// resolved against the disk.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace recorte::survey {

class PathTemplate {
 public:
  /// Refuses an unclosed brace and "**".
  static Result<PathTemplate> parse(std::string_view text);
  /// The names in braces, each once.
  std::vector<std::string> fields() const;
  /// A path with stars left; a value's own stars and backslashes are escaped by `\`. Refuses a
  /// value that holds ".." as a directory.
  Result<std::string> fill(const std::function<std::string(const std::string&)>& value) const;

 private:
  struct Part {
    bool field;
    std::string text;
  };
  std::vector<Part> parts_;
};

/// Lists directories once each.
class Globber {
 public:
  explicit Globber(std::filesystem::path root) : root_(std::move(root)) {}
  /// The files that a glob names, relative to the root, in natural order. A remote URI is itself:
  /// nobody looks whether it is there.
  std::vector<std::string> find(const std::string& glob);

 private:
  const std::vector<std::string>& names(const std::string& directory);
  std::filesystem::path root_;
  std::unordered_map<std::string, std::vector<std::string>> listed_;
};

}  // namespace recorte::survey
