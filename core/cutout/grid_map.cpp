// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/grid_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace recorte::cutout {
namespace {

constexpr double kSame = 1e-4;  // pixels

/// Corners, middles of the sides, middle: where the rectangle's pixels lie on the other grid.
struct Nine {
  std::array<double, 18> in{}, out{};

  Nine(const image::PointMap& map, const sky::PixelRect& r) {
    std::size_t i = 0;
    for (const double v : {0.0, 0.5, 1.0})
      for (const double u : {0.0, 0.5, 1.0}) {
        // Two pixels at least, so that there is a slope.
        in[i++] = static_cast<double>(r.x) +
                  u * static_cast<double>(std::max<std::int64_t>(r.width, 2) - 1);
        in[i++] = static_cast<double>(r.y) +
                  v * static_cast<double>(std::max<std::int64_t>(r.height, 2) - 1);
      }
    map(in, out);
  }
  bool are(const AxisAligned& map) const {
    for (std::size_t i = 0; i < in.size(); i += 2)
      if (!(std::abs(map.x.scale * in[i] + map.x.shift - out[i]) < kSame &&
            std::abs(map.y.scale * in[i + 1] + map.y.shift - out[i + 1]) < kSame))
        return false;
    return true;
  }
  double slope(std::size_t a, std::size_t b, std::size_t axis) const {
    return (out[2 * b + axis] - out[2 * a + axis]) / (in[2 * b + axis] - in[2 * a + axis]);
  }
};

}  // namespace

image::PointMap grid_map(const sky::Wcs& from, const sky::Wcs& to) {
  return [&from, &to](std::span<const double> in, std::span<double> out) {
    std::vector<double> radec(in.size());
    from.to_sky(in, radec);
    to.to_pixel(radec, out);
  };
}

std::optional<AxisAligned> axis_aligned(const image::PointMap& map, const sky::PixelRect& rect) {
  const Nine nine(map, rect);
  AxisAligned out;
  out.x.scale = nine.slope(0, 2, 0);
  out.y.scale = nine.slope(0, 6, 1);
  out.x.shift = nine.out[0] - out.x.scale * nine.in[0];
  out.y.shift = nine.out[1] - out.y.scale * nine.in[1];
  if (!nine.are(out)) return {};
  return out;
}

std::optional<Shift> whole_shift(const image::PointMap& map, const sky::PixelRect& rect) {
  const Nine nine(map, rect);
  const double x = std::round(nine.out[0] - nine.in[0]);
  const double y = std::round(nine.out[1] - nine.in[1]);
  if (!nine.are({{1, x}, {1, y}})) return {};
  return Shift{std::llround(x), std::llround(y)};
}

}  // namespace recorte::cutout
