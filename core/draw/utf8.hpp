/// Text to code points: what a font is asked for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace recorte::draw {

/// UTF-8 (RFC 3629) decoded; each byte that is part of no character becomes U+FFFD.
std::u32string decode_utf8(std::string_view text);

}  // namespace recorte::draw
