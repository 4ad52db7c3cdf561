/// A FITS header as its cards, in order: what a product keeps of its parent. Values are read and
/// written by keyword; unknown and broken cards are carried untouched. (FITS Standard 4.0,
/// section 4.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::fits {

class Header {
 public:
  Header() = default;
  /// From 80-character cards end to end; END and what follows are dropped.
  static Header parse(std::string_view cards);

  /// Values by keyword (case-insensitive; "HIERARCH a b" by "A B"); nullopt when absent or of
  /// another kind. `text` unquotes strings, joins CONTINUE cards and strips trailing blanks; of
  /// other values it gives the bare text.
  std::optional<std::string> text(std::string_view keyword) const;
  std::optional<double> number(std::string_view keyword) const;
  std::optional<std::int64_t> integer(std::string_view keyword) const;
  bool has(std::string_view keyword) const;

  /// Replaces the first card of that keyword, keeping its place (and its comment, when `comment` is
  /// empty), or appends. Long text is written as CONTINUE cards; text outside printable ASCII is
  /// refused by replacing each such byte with '?'. Numbers are written so that they read back
  /// exactly.
  void set_text(std::string_view keyword, std::string_view value, std::string_view comment = "");
  void set_number(std::string_view keyword, double value, std::string_view comment = "");
  void set_integer(std::string_view keyword, std::int64_t value, std::string_view comment = "");
  void set_bool(std::string_view keyword, bool value, std::string_view comment = "");
  void add_comment(std::string_view keyword /* COMMENT or HISTORY */, std::string_view text);
  /// Every card of that keyword, its CONTINUE cards included.
  void erase(std::string_view keyword);

  const std::vector<std::string>& cards() const { return cards_; }  ///< each exactly 80 characters
  static std::string keyword_of(std::string_view card);
  /// All cards end to end, no END.
  std::string joined() const;

 private:
  std::vector<std::string> cards_;
};

}  // namespace recorte::fits
