/// One keyword record of a FITS header taken apart and put together: values in free and fixed
/// format, CONTINUE and HIERARCH (FITS Standard 4.0, section 4; ESO HIERARCH convention). No state.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::fits {

inline constexpr std::size_t kCardSize = 80;
inline constexpr std::int64_t kBlockSize = 2880;

struct CardValue {
  enum class Kind { kNone, kText, kBare };  ///< kBare: number, logical, complex
  Kind kind = Kind::kNone;
  std::string text;     ///< unquoted, trailing blanks kept; or the bare value
  std::string comment;  ///< without the slash, trimmed
};

/// Upper case, single blanks, without a leading "HIERARCH".
std::string normal_keyword(std::string_view keyword);
/// Whether the card's keyword is `keyword`, which is normal.
bool card_is(std::string_view card, std::string_view keyword);
bool is_continue(std::string_view card);
/// Value and comment of one card; of a CONTINUE card, its piece.
CardValue card_value(std::string_view card);
/// The same of a card followed by its CONTINUE cards.
CardValue joined_value(std::span<const std::string> cards);

/// Cards of 80 characters. A comment that does not fit is cut.
std::vector<std::string> text_cards(std::string_view keyword, std::string_view value,
                                    std::string_view comment);
std::vector<std::string> bare_cards(std::string_view keyword, std::string_view value,
                                    std::string_view comment);
/// "150.0", "1E-07": the shortest that reads back as the same number; "" where it is not finite,
/// because FITS has no such number.
std::string fits_number_text(double value);
/// Each byte outside printable ASCII becomes '?'.
std::string printable(std::string_view text);

}  // namespace recorte::fits
