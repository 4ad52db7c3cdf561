// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/stencil.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::sky {
namespace {

constexpr double kSame = 1e-11;  // degrees: below this two vertices are one

Status check_between(std::string_view what, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::kUsage, "the " + std::string(what) + " " + number_text(value) +
                                     " is outside [" + number_text(low) + ", " + number_text(high) +
                                     "] degrees");
}

Status check_position(double ra, double dec) {
  RECORTE_TRY(check_between("right ascension", ra, 0, 360));
  return check_between("declination", dec, -90, 90);
}

std::string place(const Position& position) {
  return number_text(position.ra) + " " + number_text(position.dec);
}

/// The area on the left of the edges as seen from inside the sphere, steradians, [0, 4π): signed
/// triangles from the first vertex (Van Oosterom & Strackee 1983). By differences, as those of
/// neighbours keep their digits where products would cancel.
double area_on_the_left(const std::vector<Vector>& v) {
  const auto from_first = [&](const Vector& a) {
    return Vector{a[0] - v[0][0], a[1] - v[0][1], a[2] - v[0][2]};
  };
  double sum = 0;
  for (std::size_t i = 1; i + 1 < v.size(); ++i)
    sum -= 2 * std::atan2(dot(v[0], cross(from_first(v[i]), from_first(v[i + 1]))),
                          1 + dot(v[0], v[i]) + dot(v[i], v[i + 1]) + dot(v[i + 1], v[0]));
  constexpr double kSphere = 4 * std::numbers::pi;
  return sum - kSphere * std::floor(sum / kSphere);
}

/// Infinite limits mean as far as the sky goes.
double clipped(double value, double low, double high) {
  return std::isinf(value) ? (value < 0 ? low : high) : value;
}

}  // namespace

Result<Stencil> make_circle(double ra, double dec, double radius) {
  RECORTE_TRY(check_position(ra, dec));
  if (!(radius > 0 && radius <= 180))
    return fail(ErrorCode::kUsage,
                "the radius " + number_text(radius) + " is outside (0, 180] degrees");
  return Circle{{ra, dec}, radius};
}

Result<Stencil> make_box(Position centre, Extent width, Extent height) {
  RECORTE_TRY(check_position(centre.ra, centre.dec));
  for (const auto& size : {width, height}) {
    if (!(size.value > 0 && std::isfinite(size.value)))
      return fail(ErrorCode::kUsage, "the box size " + extent_text(size) +
                                         " is not above zero; write a size such as 1arcmin");
    if (size.unit == Extent::Unit::kDegree && size.value > 360)
      return fail(ErrorCode::kUsage,
                  "the box size " + extent_text(size) + " is above 360 degrees; ask for less");
  }
  return Box{centre, width, height};
}

Result<Stencil> make_polygon(std::vector<Position> vertices) {
  std::vector<Vector> directions;
  for (const auto& vertex : vertices) {
    RECORTE_TRY(check_position(vertex.ra, vertex.dec));
    directions.push_back(to_vector(vertex));
  }
  if (vertices.size() > 1 && separation(directions.front(), directions.back()) < kSame) {
    vertices.pop_back();
    directions.pop_back();
  }
  if (vertices.size() < 3)
    return fail(ErrorCode::kUsage, "the polygon has " + std::to_string(vertices.size()) +
                                       " different vertices; it needs at least three");
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const std::size_t next = (i + 1) % vertices.size();
    const double apart = separation(directions[i], directions[next]);
    if (apart >= kSame && apart <= 180 - 1e-9) continue;
    return fail(ErrorCode::kUsage,
                "the neighbouring polygon vertices " + place(vertices[i]) + " and " +
                    place(vertices[next]) +
                    (apart < kSame ? " are equal; leave one out"
                                   : " are antipodal; put a vertex between them"));
  }
  Polygon polygon{std::move(vertices)};
  if (area_on_the_left(directions) > 2 * std::numbers::pi) {
    std::reverse(polygon.vertices.begin(), polygon.vertices.end());
    polygon.reversed = true;
  }
  return polygon;
}

Result<Stencil> make_range(double ra_min, double ra_max, double dec_min, double dec_max) {
  Range range{clipped(ra_min, 0, 360), clipped(ra_max, 0, 360), clipped(dec_min, -90, 90),
              clipped(dec_max, -90, 90)};
  RECORTE_TRY(check_position(range.ra_min, range.dec_min));
  RECORTE_TRY(check_position(range.ra_max, range.dec_max));
  if (range.dec_min > range.dec_max)
    return fail(ErrorCode::kUsage, "the lower declination " + number_text(range.dec_min) +
                                       " is above the upper one " + number_text(range.dec_max) +
                                       "; write the lower first");
  return range;
}

}  // namespace recorte::sky
