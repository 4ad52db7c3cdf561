/// FITS out of short text, so that a fuzzer need not keep cards at 80 bytes and blocks at 2880:
///
///     SIMPLE  =                    T     a line is a card
///     NAXIS   =                    0
///                                        an empty line ends the header; data follow,
///     ~~                                 up to this line, behind which the next HDU begins
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "fuzz.hpp"

#include <string>
#include <string_view>

namespace recorte::fuzz {

inline constexpr std::string_view kNextHdu = "\n~~\n";

/// The cards alone, no END.
inline std::string cards_of(std::string_view lines) {
  std::string out;
  for (const auto line : pieces(lines, "\n")) {
    out += line.substr(0, 80);
    out.resize((out.size() + 79) / 80 * 80, ' ');
  }
  return out;
}

inline std::string fits_of(std::string_view text) {
  const auto fill = [](std::string& out, char c) {
    out.resize((out.size() + 2879) / 2880 * 2880, c);
  };
  std::string out;
  for (const auto hdu : pieces(text, kNextHdu)) {
    const auto end = hdu.find("\n\n");
    out += cards_of(hdu.substr(0, end)) + "END     ";
    fill(out, ' ');
    if (end != hdu.npos) out += hdu.substr(end + 2);
    fill(out, '\0');
  }
  // A header that promises a little more than there is is kept to its word.
  out.append(2 * 2880, '\0');
  return out;
}

/// What begins as such text, as FITS; other bytes, packed ones say, as they are.
inline std::string fits_or_as_it_is(std::string_view input) {
  return input.starts_with("SIMPLE") ? fits_of(input) : std::string(input);
}

}  // namespace recorte::fuzz
