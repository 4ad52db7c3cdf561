/// A cap around all of an image's pixels, from a grid of points on it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/vector.hpp"
#include "core/sky/wcs.hpp"

#include <array>
#include <cstdint>

namespace recorte::sky {

struct ImageCap {
  Cap cap;                        ///< the whole sky where a point of the grid has none
  bool corners_on_sky = false;    ///< all four
  std::array<Vector, 4> corners;  ///< (left, low), (right, low), (left, high), (right, high)
};

/// From (steps + 1)² points, corners of corner pixels included. The cap is grown by the curvature
/// that the grid shows.
ImageCap image_cap(const Wcs& wcs, std::int64_t width, std::int64_t height, int steps);

}  // namespace recorte::sky
