// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/healpix.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::sky {
namespace {

/// Of each face: its southern corner lies so many rings (of a quarter turn's height) from the north
/// pole, and its middle so many eighths of a turn from longitude 0.
constexpr std::array<double, kFaces> kRing{2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4};
constexpr std::array<double, kFaces> kEighth{1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7};
constexpr double kQuarter = std::numbers::pi / 4;

/// The even bits, moved together.
std::uint64_t even_bits(std::uint64_t bits) {
  bits &= 0x5555555555555555;
  bits = (bits | bits >> 1) & 0x3333333333333333;
  bits = (bits | bits >> 2) & 0x0F0F0F0F0F0F0F0F;
  bits = (bits | bits >> 4) & 0x00FF00FF00FF00FF;
  bits = (bits | bits >> 8) & 0x0000FFFF0000FFFF;
  return (bits | bits >> 16) & 0x00000000FFFFFFFF;
}

/// The reverse.
std::uint64_t spread_bits(std::uint64_t bits) {
  bits = (bits | bits << 16) & 0x0000FFFF0000FFFF;
  bits = (bits | bits << 8) & 0x00FF00FF00FF00FF;
  bits = (bits | bits << 4) & 0x0F0F0F0F0F0F0F0F;
  bits = (bits | bits << 2) & 0x3333333333333333;
  return (bits | bits << 1) & 0x5555555555555555;
}

/// From z = cos(colatitude), its complement to 1 near a pole, and longitude.
Vector direction_of(double z, double sine, double longitude) {
  return {sine * std::cos(longitude), sine * std::sin(longitude), z};
}

}  // namespace

Vector point_of(const Cell& cell, double across, double up) {
  const auto in_face = cell.number & ((std::uint64_t{1} << 2 * cell.order) - 1);
  const auto face = static_cast<std::size_t>(cell.number >> 2 * cell.order);
  const double side = std::ldexp(1, -cell.order);
  const double x = (static_cast<double>(even_bits(in_face)) + across) * side;
  const double y = (static_cast<double>(even_bits(in_face >> 1)) + up) * side;
  const double ring = kRing[face] - x - y;  // 0 the north pole, 4 the south
  const double from_pole = std::min({ring, 4 - ring, 1.0});
  double eighths = kEighth[face] * from_pole + x - y;
  if (eighths < 0) eighths += 8 * from_pole;
  const double longitude = from_pole > 0 ? kQuarter * eighths / from_pole : 0;
  if (from_pole == 1) {
    const double z = (2 - ring) * 2 / 3;
    return direction_of(z, std::sqrt((1 - z) * (1 + z)), longitude);
  }
  const double missing = from_pole * from_pole / 3;  // 1 - |z|, exact near the pole
  return direction_of(ring < 2 ? 1 - missing : missing - 1, std::sqrt(missing * (2 - missing)),
                      longitude);
}

Cap cap_of(const Cell& cell) {
  const auto centre = point_of(cell, 0.5, 0.5);
  double radius = 0;
  for (const double across : {0.0, 1.0})
    for (const double up : {0.0, 1.0})
      radius = std::max(radius, separation(centre, point_of(cell, across, up)));
  return {centre, radius};
}

Cell cell_of(int order, const Vector& direction) {
  const auto across = std::uint64_t{1} << order;
  const auto sides = static_cast<double>(across);
  const double z = direction[2];
  const double longitude = std::atan2(direction[1], direction[0]) / (2 * kQuarter);
  const double turns = longitude < 0 ? longitude + 4 : longitude;  // quarter turns, 0 to 4
  const auto whole = [&](double value) {
    return static_cast<std::uint64_t>(std::max(0.0, std::floor(value)));
  };
  std::uint64_t face = 0, x = 0, y = 0;
  if (std::abs(z) <= 2.0 / 3) {
    // Lines of constant x and of constant y, counted along the equator.
    const auto rising = whole(sides * (0.5 + turns - 0.75 * z));
    const auto falling = whole(sides * (0.5 + turns + 0.75 * z));
    const auto a = rising >> order, b = falling >> order;
    face = a == b ? (a & 3U) + 4 : a < b ? a & 3U : (b & 3U) + 8;
    x = falling & (across - 1);
    y = across - 1 - (rising & (across - 1));
  } else {
    const double quarter = std::min(3.0, std::floor(turns));
    const double along = turns - quarter;
    const double sine = std::hypot(direction[0], direction[1]);
    const double from_pole = sides * sine * std::sqrt(3 / (1 + std::abs(z)));
    const auto a = std::min(across - 1, whole(along * from_pole));
    const auto b = std::min(across - 1, whole((1 - along) * from_pole));
    face = static_cast<std::uint64_t>(quarter) + (z > 0 ? 0 : 8);
    x = z > 0 ? across - 1 - b : a;
    y = z > 0 ? across - 1 - a : b;
  }
  return {order, (face << 2 * order) + spread_bits(x) + (spread_bits(y) << 1)};
}

double side_of_cells(int order) {
  return std::sqrt(4 * std::numbers::pi / kFaces) / kDegree * std::ldexp(1, -order);
}

}  // namespace recorte::sky
