/// The slow road from region to rows of pixels, for rectangles over which the region's edge cannot
/// be followed: blocks of pixels whose sky is wholly inside or outside are decided at once, the
/// rest pixel by pixel.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/pixel_rect.hpp"
#include "core/sky/pixel_test.hpp"
#include "core/sky/row_toggles.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <span>

namespace recorte::sky {

/// Arranged, of the rectangle's size. `arcs` are the region's whole edge.
RowToggles block_rows(std::span<const Arc> arcs, const PixelTest& test, const Wcs& wcs,
                      const PixelRect& rect);

}  // namespace recorte::sky
