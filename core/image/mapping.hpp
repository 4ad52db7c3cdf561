/// Pixel → pixel mappings made cheap: exact at the nodes of a grid, bilinear between, and refined
/// wherever the checked error is above the tolerance.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace recorte::image {

/// n points, interleaved x y → x y; what does not map becomes NaN.
using PointMap = std::function<void(std::span<const double> in, std::span<double> out)>;

/// For each pixel centre of a width × height rectangle with first pixel (x0, y0): where it lies on
/// the other image, interleaved x y, row by row. The largest interpolation error is below
/// `tolerance` pixels at the checked points (middles of cells and of their edges); a cell that
/// fails, or that holds a NaN, is divided, at last into single exact pixels. Exact with a tolerance
/// of 0. `exact` may be asked for places up to 32 pixels beyond the rectangle.
std::vector<double> map_pixels(const PointMap& exact, std::int64_t x0, std::int64_t y0,
                               std::int64_t width, std::int64_t height, double tolerance = 1e-4);

}  // namespace recorte::image
