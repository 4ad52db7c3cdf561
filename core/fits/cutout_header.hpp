/// The header of a cutout: its parent's, with every WCS shifted and what no longer holds removed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"
#include "core/sky/pixel_rect.hpp"

#include <cstdint>
#include <span>

namespace recorte::fits {

/// The cards that a cutout keeps: all but the structural ones (SIMPLE, XTENSION, BITPIX, NAXISn,
/// PCOUNT, GCOUNT, GROUPS, EXTEND, CHECKSUM, DATASUM, Z-cards of compression, THEAP, INHERIT),
/// which the writer makes anew. The same for all cutouts of an image.
Header carried(const Header& parent);
/// Makes the corner of `rect` and the planes from `planes` on (the first one of each axis after the
/// second, from 0; none: all) the origin: CRPIX of the primary and all alternate WCS, and LTV,
/// shifted, nothing re-centred.
void move_origin(Header& header, const sky::PixelRect& rect,
                 std::span<const std::int64_t> planes = {});
/// Both.
Header cutout_header(const Header& parent, const sky::PixelRect& rect,
                     std::span<const std::int64_t> planes = {});

}  // namespace recorte::fits
