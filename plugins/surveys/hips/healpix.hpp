/// The little of HEALPix (Górski et al. 2005), NESTED, that finding the tiles of a HiPS needs:
/// where a cell lies, and which cells may meet a cap. On the plane of the HPX projection
/// (Calabretta & Roukema 2007, H = 4, K = 3) every cell is a square that stands on a corner.
/// Degrees throughout.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace healpix {

inline constexpr double kDegree = std::numbers::pi / 180;
inline constexpr int kDeepest = 29;

using Vector = std::array<double, 3>;

inline Vector vector_of(double lon, double lat) {
  return {std::cos(lat * kDegree) * std::cos(lon * kDegree),
          std::cos(lat * kDegree) * std::sin(lon * kDegree), std::sin(lat * kDegree)};
}
inline double apart(const Vector& a, const Vector& b) {
  const double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const Vector cross{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2],
                     a[0] * b[1] - a[1] * b[0]};
  return std::atan2(std::hypot(cross[0], cross[1], cross[2]), dot) / kDegree;
}

/// A cell by its lowest corner on the plane: x is counted from `meridian`, a multiple of 90, so
/// that no cell reaches 180 degrees from it.
struct Cell {
  double meridian, x, y;
  double half;  ///< half of a diagonal

  Cell(int order, std::uint64_t number) : half(std::ldexp(45.0, -order)) {
    const auto face = static_cast<int>(number >> 2 * order);
    std::int64_t ix = 0, iy = 0;
    for (int bit = 0; bit < order; ++bit) {
      ix |= static_cast<std::int64_t>(number >> 2 * bit & 1) << bit;
      iy |= static_cast<std::int64_t>(number >> (2 * bit + 1) & 1) << bit;
    }
    const int row = face / 4;  // north, equator, south
    meridian = 90.0 * (face % 4);
    x = (row == 1 ? 0 : 45) + static_cast<double>(ix - iy) * half;
    y = -45.0 * row + static_cast<double>(ix + iy) * half;
  }

  /// The direction of a point of the cell, by its place on the plane.
  Vector at(double px, double py) const {
    if (std::abs(py) <= 45) return vector_of(meridian + px, std::asin(py / 67.5) / kDegree);
    const double sigma = std::max(2 - std::abs(py) / 45, 1e-12);  // 0 at a pole
    const double lat = std::asin(1 - sigma * sigma / 3) / kDegree;
    return vector_of(meridian + 45 + (px - 45) / sigma, py > 0 ? lat : -lat);
  }
  Vector middle() const { return at(x, y + half); }
  /// From the middle to the farthest corner.
  double radius() const {
    double out = 0;
    for (const auto& [dx, dy] : {std::pair{0, 0}, {1, 1}, {0, 2}, {-1, 1}})
      out = std::max(out, apart(middle(), at(x + dx * half, y + dy * half)));
    return out;
  }
};

/// Calls `found` with the number of every cell of an order that may meet the cap, in their order.
template <class Found>
void cells_near(const Vector& centre, double radius, int order, Found&& found, int at = 0,
                std::uint64_t first = 0, std::uint64_t end = 12) {
  for (auto number = first; number < end; ++number) {
    const Cell cell(at, number);
    // A hair more: sides of cells bend, and frames differ by milliarcseconds.
    if (apart(centre, cell.middle()) > (radius + cell.radius()) * 1.001 + 1e-6) continue;
    if (at == order)
      found(number);
    else
      cells_near(centre, radius, order, found, at + 1, 4 * number, 4 * number + 4);
  }
}

}  // namespace healpix
