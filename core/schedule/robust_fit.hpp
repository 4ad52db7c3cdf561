/// y ≈ a·x0 + b·x1 with a, b ≥ 0, by relative least squares: what counts is how many times off a
/// point is, not by how much. Points that are far off count less (Huber 1964, by weights that are
/// found anew each round), so that one in a hundred spoils nothing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <span>

namespace recorte::schedule {

struct Point {
  double x0 = 0, x1 = 0, y = 0;  ///< y > 0
  double weight = 1;
};

struct Line2 {
  double a = 0, b = 0;
  double at(double x0, double x1) const { return a * x0 + b * x1; }
};

/// Fits `points`. What they do not settle, `prior` does: it counts as a point at each of `anchors`,
/// (x0, x1), moved as a whole by as much as the points are off it where `levelled`.
Line2 robust_fit(std::span<const Point> points, const Line2& prior,
                 std::span<const std::array<double, 2>> anchors, bool levelled);

/// The middle of `values` by their weights; 0 where there are none.
double weighted_median(std::span<const std::array<double, 2>> values_and_weights);

}  // namespace recorte::schedule
