/// The region asked for. Circle, polygon and range are SODA's (DALI 1.1, 3.3) and select pixels
/// that they touch; a box is a stamp: so many pixels around a position, along the image's own axes.
/// Named makers validate; a stencil that exists is a good one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/angle.hpp"
#include "core/base/error.hpp"
#include "core/sky/vector.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace recorte::sky {

struct Circle {
  Position centre;
  double radius = 0;  ///< degrees, (0, 180]
  bool operator==(const Circle&) const = default;
};
struct Box {
  Position centre;
  Extent width, height;  ///< each in degrees or in pixels
  bool operator==(const Box&) const = default;
};
/// Great-circle edges; vertices counter-clockwise seen from inside the sphere (east is left).
struct Polygon {
  std::vector<Position> vertices;
  bool reversed = false;  ///< it came clockwise, so meaning its complement, and was turned round
  bool operator==(const Polygon&) const = default;
};
/// Longitude and latitude limits: meridians and small circles. ra_min > ra_max crosses RA 0;
/// 0 to 360 is the whole circle.
struct Range {
  double ra_min = 0, ra_max = 360, dec_min = -90, dec_max = 90;
  bool operator==(const Range&) const = default;
};
using Stencil = std::variant<Circle, Box, Polygon, Range>;

/// Each refuses what DALI refuses (longitude outside [0, 360], latitude outside [-90, 90], radius
/// outside (0, 180], NaN, fewer than three vertices, equal or antipodal neighbours), naming the
/// value. A repeated closing vertex is dropped. A clockwise polygon is turned round and marked.
/// Infinite range limits clip to the whole sky.
Result<Stencil> make_circle(double ra, double dec, double radius);
Result<Stencil> make_box(Position centre, Extent width, Extent height);
Result<Stencil> make_polygon(std::vector<Position> vertices);
Result<Stencil> make_range(double ra_min, double ra_max, double dec_min, double dec_max);
/// "RA DEC RADIUS", "RA1 DEC1 RA2 DEC2 …", "RA_MIN RA_MAX DEC_MIN DEC_MAX" in degrees.
Result<Stencil> parse_circle(std::string_view text);
Result<Stencil> parse_polygon(std::string_view text);
Result<Stencil> parse_range(std::string_view text);
/// The numbers as the parsers above read them, exactly. (For a box: "RA DEC WIDTH HEIGHT" with
/// units.)
std::string stencil_numbers(const Stencil& stencil);

/// A cap that holds the stencil. `pixel_scale` (degrees) turns a box's pixels into an angle.
Cap bounding_cap(const Stencil& stencil, double pixel_scale);

/// Whether the closed region holds the direction. Not for a box, which knows no region without an
/// image (std::invalid_argument).
bool contains(const Stencil& stencil, const Vector& direction);

/// One smooth piece of a region's edge: direction at t in [0, 1].
using Arc = std::function<Vector(double t)>;
/// The whole edge of a circle, polygon or range, in order; the full sky has none. A range's
/// meridians and parallels, degenerate ones (at a pole) left out. Not for a box.
std::vector<Arc> edge(const Stencil& stencil);

}  // namespace recorte::sky
