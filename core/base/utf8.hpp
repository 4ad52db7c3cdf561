/// UTF-8 (RFC 3629), and what to do with text that is not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace recorte {

/// The code points; each byte that is part of no character becomes U+FFFD.
std::u32string decode_utf8(std::string_view text);
/// The text with '?' for each byte that is part of no character, and for NUL.
std::string good_utf8(std::string_view text);
/// Whether that changes nothing.
inline bool is_good_utf8(std::string_view text) { return good_utf8(text) == text; }

}  // namespace recorte
