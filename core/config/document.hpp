/// A TOML file as a JSON value, with the line each part stands on, so that every complaint about a
/// configuration names file and line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace recorte::config {

struct Document {
  std::filesystem::path path;
  /// Always an object. Dates and times are strings (ISO 8601); tables keep no order.
  std::shared_ptr<const nlohmann::json> value;
  /// JSON pointer ("/survey/planes") → line, counted from 1; 0 of what the file does not say, and
  /// `defaults_of` does.
  std::map<std::string, int, std::less<>> lines{};
  std::string defaults_of{};  ///< "the plugin des 1.0.0"; "" where there are no defaults

  /// The same with `defaults` for what the file does not say: tables are merged key by key, but
  /// each key of a table in `whole` (by JSON pointer) is one value, a table or not.
  Document completed(const nlohmann::json& defaults, const std::string& of,
                     const std::set<std::string>& whole = {}) const;
  /// Whether what `pointer` names, or would lie in, comes from the defaults.
  bool is_default(std::string_view pointer) const;

  /// The line of what `pointer` names, or of the nearest part that holds it; 0 where none is known.
  int line(std::string_view pointer) const;
  /// "surveys/des.toml:12".
  std::string where(std::string_view pointer) const;
  /// kUsage: "surveys/des.toml:12: " and the sentence; of a default it is said whose it is.
  Error error(std::string_view pointer, std::string_view sentence) const;

 private:
  std::optional<int> nearest(std::string_view pointer) const;
};

/// One step of a JSON pointer (RFC 6901), "/" and "~" escaped: "/a~1b".
std::string pointer_step(std::string_view key);

/// Reads a TOML 1.0 file. kNotFound where there is none, kUsage with file, line and a sentence
/// where it is not TOML.
Result<Document> read_toml(const std::filesystem::path& path);
/// The same from text; `path` is what errors call it.
Result<Document> parse_toml(std::string_view text, const std::filesystem::path& path);

}  // namespace recorte::config
