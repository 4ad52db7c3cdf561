// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/surroundings.hpp"

#include <vector>

namespace recorte::sky {
namespace {

constexpr double kLeastMargin = 8;  // pixels
constexpr double kWidest = 45;      // degrees: a greater rectangle bends too much to be trusted
constexpr double kSteepest = 32;    // margins: greater reaches mean a pole, where the plane tears
constexpr double kAllowance = 2;    // for scale that changes between the points looked at

Vector difference(const Vector& a, const Vector& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

/// Whether neighbours on the plane turn one way here and the other way there, as they do where a
/// distortion folds it: the inverse finds one pixel of several.
bool folded(const std::array<Vector, 9>& sky) {
  int turns = 0;
  for (const int corner : {0, 1, 3, 4})
    for (const auto& [a, b, c] : {std::array{0, 1, 3}, std::array{4, 3, 1}}) {
      const Vector& at = sky[corner + a];
      const Vector turn = cross(difference(sky[corner + b], at), difference(sky[corner + c], at));
      turns += dot(at, turn) > 0 ? 1 : -1;
    }
  return std::abs(turns) != 8;
}

}  // namespace

std::optional<std::array<Vector, 9>> nine_directions(const Wcs& wcs, double x_min, double x_max,
                                                     double y_min, double y_max) {
  std::vector<double> xy;
  for (const double y : {y_min, (y_min + y_max) / 2, y_max})
    for (const double x : {x_min, (x_min + x_max) / 2, x_max}) xy.insert(xy.end(), {x, y});
  std::vector<double> radec(xy.size());
  wcs.to_sky(xy, radec);
  std::array<Vector, 9> sky;
  for (std::size_t i = 0; i < sky.size(); ++i) {
    if (std::isnan(radec[2 * i])) return {};
    sky[i] = to_vector({radec[2 * i], radec[2 * i + 1]});
  }
  return sky;
}

/// The margin is half of the rectangle's longer side, so that its nine points show a border or a
/// seam before it comes to the rectangle: the plane's domains are convex.
std::optional<Surroundings> Surroundings::of(const Wcs& wcs, const PixelRect& rect) {
  if (wcs.has_seams()) return {};
  Surroundings s;
  s.x_min = static_cast<double>(rect.x);
  s.y_min = static_cast<double>(rect.y);
  s.x_max = s.x_min + static_cast<double>(rect.width - 1);
  s.y_max = s.y_min + static_cast<double>(rect.height - 1);
  s.margin = std::max({kLeastMargin, (s.x_max - s.x_min) / 2, (s.y_max - s.y_min) / 2});
  const auto sky = nine_directions(wcs, s.x_min - s.margin, s.x_max + s.margin, s.y_min - s.margin,
                                   s.y_max + s.margin);
  if (!sky || folded(*sky)) return {};
  const double step_x = (s.x_max - s.x_min) / 2 + s.margin;
  const double step_y = (s.y_max - s.y_min) / 2 + s.margin;
  const auto apart = [&](int i, int j) { return separation((*sky)[i], (*sky)[j]); };
  double densest = 0;
  s.sky = {(*sky)[4], 0};
  for (int i = 0; i < 9; ++i) {
    s.sky.radius = std::max(s.sky.radius, apart(i, 4));
    if (i % 3 > 0) densest = std::max(densest, step_x / apart(i, i - 1));
    if (i > 2) densest = std::max(densest, step_y / apart(i, i - 3));
  }
  s.pixels_per_degree = kAllowance * densest;
  if (s.sky.radius > kWidest || !(s.sky.radius * s.pixels_per_degree < kSteepest * s.margin))
    return {};
  return s;
}

}  // namespace recorte::sky
