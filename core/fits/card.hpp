/// One keyword record of a FITS header taken apart and put together: values in free and fixed
/// format, CONTINUE and HIERARCH (FITS Standard 4.0, section 4; ESO HIERARCH convention). No state.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"

#include <string>
#include <string_view>

namespace recorte::fits {

struct CardValue {
  enum class Kind { kNone, kText, kBare };  ///< kBare: number, logical, complex
  Kind kind = Kind::kNone;
  std::string text;     ///< unquoted, trailing blanks kept; or the bare value
  std::string comment;  ///< without the slash, trimmed
};

/// Whether it is one of the standard's: up to 8 of A-Z, 0-9, - and _.
bool is_standard(std::string_view keyword);
/// Upper case, single blanks, without a leading "HIERARCH".
std::string normal_keyword(std::string_view keyword);
/// Whether the card's keyword is `keyword`, which is normal.
bool card_is(std::string_view card, std::string_view keyword);
bool is_continue(std::string_view card);
/// Value and comment of one card; of a CONTINUE card, its piece.
CardValue card_value(std::string_view card);
/// The same of a card followed by its CONTINUE cards.
CardValue joined_value(Cards cards);

/// Cards of 80 characters, end to end. A comment that does not fit is cut.
std::string text_cards(std::string_view keyword, std::string_view value, std::string_view comment);
std::string bare_cards(std::string_view keyword, std::string_view value, std::string_view comment);
/// "150.0", "1E-07": the shortest that reads back as the same number; "" where it is not finite,
/// because FITS has no such number.
std::string fits_number_text(double value);
/// Each byte outside printable ASCII becomes '?'.
std::string printable(std::string_view text);

}  // namespace recorte::fits
