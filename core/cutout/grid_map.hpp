/// From the pixels of one grid to those of another, and the cases where that is simple.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/image/area_average.hpp"
#include "core/image/mapping.hpp"
#include "core/sky/pixel_rect.hpp"
#include "core/sky/wcs.hpp"

#include <cstdint>
#include <optional>

namespace recorte::cutout {

/// Pixels of `from` to those of `to`, through the sky. Borrows both.
image::PointMap grid_map(const sky::Wcs& from, const sky::Wcs& to);

/// x' = scale x + shift on each axis.
struct AxisAligned {
  image::Coarser x, y;
};
/// Where this is all that the map does on the rectangle, to 1e-4 pixel at its corners and middles.
std::optional<AxisAligned> axis_aligned(const image::PointMap& map, const sky::PixelRect& rect);

struct Shift {
  std::int64_t x = 0, y = 0;
};
/// Where the map only adds whole pixels, to 1e-4 pixel: both grids are one.
std::optional<Shift> whole_shift(const image::PointMap& map, const sky::PixelRect& rect);

}  // namespace recorte::cutout
