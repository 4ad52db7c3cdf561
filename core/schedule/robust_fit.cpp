// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/robust_fit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace recorte::schedule {
namespace {

constexpr double kTiny = 1e-12;
constexpr double kAnchor = 0.5;         ///< weight of the prior at one of its points
constexpr int kRounds = 6;              ///< of weights; few points change after the third
constexpr double kHuber = 1.345;        ///< standard deviations: 95 % efficient for normal errors
constexpr double kDeviation = 1.4826;   ///< from a median deviation to a standard one
constexpr double kLeastScatter = 0.02;  ///< else equal points would reject all others

/// Sums of one round: the normal equations.
struct Sums {
  double x00 = 0, x01 = 0, x11 = 0, x0y = 0, x1y = 0;

  void add(const Point& p, double weight) {
    x00 += weight * p.x0 * p.x0;
    x01 += weight * p.x0 * p.x1;
    x11 += weight * p.x1 * p.x1;
    x0y += weight * p.x0 * p.y;
    x1y += weight * p.x1 * p.y;
  }
  /// Twice less than the sum of squares that is left, up to a constant.
  double left(const Line2& l) const {
    return l.a * l.a * x00 + 2 * l.a * l.b * x01 + l.b * l.b * x11 - 2 * l.a * x0y - 2 * l.b * x1y;
  }
  /// The least one with no term below 0: inside, or on one of the two edges.
  Line2 solve() const {
    const double determinant = x00 * x11 - x01 * x01;
    if (determinant > kTiny * x00 * x11) {
      const Line2 inside{(x11 * x0y - x01 * x1y) / determinant,
                         (x00 * x1y - x01 * x0y) / determinant};
      if (inside.a >= 0 && inside.b >= 0) return inside;
    }
    const Line2 one{x00 > 0 ? x0y / x00 : 0, 0};
    const Line2 other{0, x11 > 0 ? x1y / x11 : 0};
    return left(one) <= left(other) ? one : other;
  }
};

/// How many times the points are off, by their middle; with few of them less is believed.
double level_of(std::span<const Point> points, const Line2& line) {
  std::vector<std::array<double, 2>> off;
  off.reserve(points.size());
  for (const auto& p : points)
    off.push_back({std::log(p.y / std::max(kTiny, line.at(p.x0, p.x1))), p.weight});
  const auto n = static_cast<double>(points.size());
  return std::exp(weighted_median(off) * n / (n + 1));
}

}  // namespace

double weighted_median(std::span<const std::array<double, 2>> values_and_weights) {
  if (values_and_weights.empty()) return 0;
  std::vector<std::array<double, 2>> sorted(values_and_weights.begin(), values_and_weights.end());
  std::ranges::sort(sorted);
  double all = 0;
  for (const auto& each : sorted) all += each[1];
  double below = 0;
  for (const auto& [value, weight] : sorted)
    if (below += weight; below >= all / 2) return value;
  return sorted.back()[0];
}

Line2 robust_fit(std::span<const Point> points, const Line2& prior,
                 std::span<const std::array<double, 2>> anchors, bool levelled) {
  const double level = levelled && !points.empty() ? level_of(points, prior) : 1;
  Line2 line{prior.a * level, prior.b * level};
  std::vector<Point> all(points.begin(), points.end());
  for (const auto& [x0, x1] : anchors) all.push_back({x0, x1, line.at(x0, x1), kAnchor});
  std::vector<double> off(all.size());
  std::vector<double> sorted;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> expected(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      expected[i] = std::max(kTiny, line.at(all[i].x0, all[i].x1));
      off[i] = std::abs(all[i].y / expected[i] - 1);
    }
    sorted = off;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    const double far = kHuber * std::max(kLeastScatter, kDeviation * *middle);
    Sums sums;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double huber = off[i] > far ? far / off[i] : 1;
      sums.add(all[i], all[i].weight * huber / (expected[i] * expected[i]));
    }
    line = sums.solve();
  }
  return line;
}

}  // namespace recorte::schedule
