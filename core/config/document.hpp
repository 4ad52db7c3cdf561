/// A TOML file as a JSON value, with the line each part stands on, so that every complaint about a
/// configuration names file and line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace recorte::config {

struct Document {
  std::filesystem::path path;
  /// Always an object. Dates and times are strings (ISO 8601); tables keep no order.
  std::shared_ptr<const nlohmann::json> value;
  /// JSON pointer ("/survey/planes") → line, counted from 1.
  std::map<std::string, int, std::less<>> lines;

  /// The line of what `pointer` names, or of the nearest part that holds it; 0 where none is known.
  int line(std::string_view pointer) const;
  /// "surveys/des.toml:12".
  std::string where(std::string_view pointer) const;
  /// kUsage: "surveys/des.toml:12: " and the sentence.
  Error error(std::string_view pointer, std::string_view sentence) const;
};

/// One step of a JSON pointer (RFC 6901), "/" and "~" escaped: "/a~1b".
std::string pointer_step(std::string_view key);

/// Reads a TOML 1.0 file. kNotFound where there is none, kUsage with file, line and a sentence
/// where it is not TOML.
Result<Document> read_toml(const std::filesystem::path& path);
/// The same from text; `path` is what errors call it.
Result<Document> parse_toml(std::string_view text, const std::filesystem::path& path);

}  // namespace recorte::config
