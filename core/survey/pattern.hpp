/// File names as an admin describes them: a glob with named fields, "**/ztf_{field}_{band}_*.fits",
/// matched against the path relative to the survey's root.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::survey {

/// What a path that matches says.
struct PatternMatch {
  std::map<std::string, std::string, std::less<>> fields;
  /// The path with the value of {product} cut out: the same for the sibling files of one exposure.
  std::string family;

  /// "" where the pattern has no such field.
  std::string field(std::string_view name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

/// `**/` matches any directories or none, `*` anything but "/", `?` one such character, `{name}`
/// one or more of them. Stars and fields take as little as they can, from the left. A field that
/// stands twice must match the same text twice.
class Pattern {
 public:
  /// Refuses an empty pattern and a brace that is not closed or holds no name.
  static Result<Pattern> parse(std::string_view text);
  std::optional<PatternMatch> match(std::string_view path) const;
  bool has(std::string_view field) const;
  const std::string& text() const { return text_; }

 private:
  enum class Kind { kLiteral, kOne, kStar, kTree, kField };
  struct Part {
    Kind kind;
    char literal = 0;
    std::size_t field = 0;  ///< index into names_
  };
  struct Search;

  std::string text_;
  std::vector<Part> parts_;
  std::vector<std::string> names_;  ///< each once
  bool repeats_ = false;            ///< a field stands twice
};

/// A name against a glob of `*` and `?`; a character after `\` stands for itself.
bool glob_match(std::string_view glob, std::string_view name);

}  // namespace recorte::survey
