/// What nine points tell of the plane on and around a rectangle of pixels: whether it is whole
/// there, which sky it holds, and how far it goes by the degree.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/pixel_rect.hpp"
#include "core/sky/vector.hpp"
#include "core/sky/wcs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace recorte::sky {

/// The sky of three by three points, by rows, corners included. Nothing where one has none.
std::optional<std::array<Vector, 9>> nine_directions(const Wcs& wcs, double x_min, double x_max,
                                                     double y_min, double y_max);

struct Surroundings {
  double x_min, x_max, y_min, y_max;  ///< of the rectangle's pixel centres
  double margin;                      ///< pixels around it where the plane is whole
  double pixels_per_degree;           ///< nowhere more
  Cap sky;                            ///< of the rectangle and its margin

  /// Nothing where the plane cannot be trusted: part of it may have no sky, or a seam, or a fold.
  static std::optional<Surroundings> of(const Wcs& wcs, const PixelRect& rect);

  /// Pixels from the rectangle's centres along the farther axis, 0 within; a point that is not on
  /// the plane is farthest.
  double distance(const Pixel& p) const {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return INFINITY;
    return std::max({x_min - p.x, p.x - x_max, y_min - p.y, p.y - y_max, 0.0});
  }
};

}  // namespace recorte::sky
