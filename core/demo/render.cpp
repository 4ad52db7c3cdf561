// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/render.hpp"

#include "core/demo/profile.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::demo {
namespace {

/// The linear map from pixel offsets to arcsec on the sky around one place.
struct Local {
  double x, y;                              // the place, 0-based pixels
  double east_x, east_y, north_x, north_y;  // arcsec a pixel
  double area() const { return std::abs(east_x * north_y - east_y * north_x); }
};

/// From three pixels: of the place, of one arcsec east of it, of one arcsec north of it.
Local local_map(const double* xy) {
  const double a = xy[2] - xy[0], b = xy[4] - xy[0], c = xy[3] - xy[1], d = xy[5] - xy[1];
  const double determinant = a * d - b * c;
  return {xy[0], xy[1], d / determinant, -b / determinant, -c / determinant, a / determinant};
}

std::vector<double> neighbours(const std::vector<Object>& scene) {
  constexpr double kArcsec = 1.0 / 3600;
  std::vector<double> radec;
  radec.reserve(6 * scene.size());
  for (const auto& [shape, at, mag, radius, ratio, angle] : scene) {
    const double east = at.ra + kArcsec / std::cos(at.dec * sky::kDegree);
    radec.insert(radec.end(), {at.ra, at.dec, east, at.dec, at.ra, at.dec + kArcsec});
  }
  return radec;
}

void draw(std::vector<float>& light, const Local& local, const Object& object, int band) {
  const Profile profile(object, band);
  const double area = local.area();
  const double radius = profile.radius(0.04 * kBands[band].sky_sigma / area);
  const double reach = radius / std::sqrt(area) * 1.05;
  const auto first = [&](double at) {
    return static_cast<int>(std::clamp(at - reach, 0.0, 1. * kSide));
  };
  const auto last = [&](double at) {
    return static_cast<int>(std::clamp(at + reach + 1, 0.0, 1. * kSide));
  };
  for (int y = first(local.y); y < last(local.y); ++y) {
    for (int x = first(local.x); x < last(local.x); ++x) {
      const double dx = x - local.x, dy = y - local.y;
      const double east = local.east_x * dx + local.east_y * dy;
      const double north = local.north_x * dx + local.north_y * dy;
      if (east * east + north * north > radius * radius) continue;
      light[y * kSide + x] += static_cast<float>(area * profile.brightness(east, north));
    }
  }
}

}  // namespace

std::vector<float> render_light(const sky::Wcs& wcs, int band, const std::vector<Object>& scene) {
  const auto radec = neighbours(scene);
  std::vector<double> xy(radec.size());
  wcs.to_pixel(radec, xy);
  std::vector<float> light(kPixels);
  for (std::size_t i = 0; i < scene.size(); ++i) {
    const double* at = &xy[6 * i];
    constexpr double kFar = 300;  // pixels: no stamp reaches farther
    const auto near = [](double p) { return p > -kFar && p < kSide + kFar; };  // not NaN either
    if (near(at[0]) && near(at[1])) draw(light, local_map(at), scene[i], band);
  }
  return light;
}

}  // namespace recorte::demo
