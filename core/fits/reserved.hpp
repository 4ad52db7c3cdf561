/// Keywords that describe how a file is laid out, not what the sky was: a writer makes its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"

#include <string_view>

namespace recorte::fits {

/// SIMPLE, XTENSION, BITPIX, NAXISn, PCOUNT, GCOUNT, GROUPS, EXTEND, CHECKSUM, DATASUM, THEAP,
/// INHERIT and the Z-keywords of tile compression (FITS 4.0, section 10.1).
bool is_structural(std::string_view keyword);
/// TFIELDS, TTYPEn, TFORMn and the like (section 7.3).
bool is_table_keyword(std::string_view keyword);
/// `cards` without the cards, CONTINUE included, for whose keyword `drop` is true.
Header without(const Header& header, bool (*drop)(std::string_view keyword));
/// The image's header out of that of the table that holds it compressed: XTENSION, BITPIX, NAXISn,
/// PCOUNT, GCOUNT first, then what describes the image; no CHECKSUM or DATASUM. ZBLANK becomes
/// BLANK for integers. fpack's EXTNAME 'COMPRESSED_IMAGE' goes.
Header uncompressed_header(const Header& table);

}  // namespace recorte::fits
