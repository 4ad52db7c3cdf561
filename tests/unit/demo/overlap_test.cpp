// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/scene.hpp"
#include "survey.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>

namespace recorte::demo::test {
namespace {

struct Measured {
  double x = 0, y = 0;  // centroid less prediction, pixels
  double flux = 0;      // within 5 arcsec
};

/// nullopt where the star is off the tile, at its edge, or on flagged pixels.
std::optional<Measured> measure(const Plane& image, const Plane& mask, const sky::Wcs& wcs,
                                const sky::Position& star) {
  constexpr int kAperture = 10;
  const auto [px, py] = wcs.to_pixel(star);
  const int x0 = static_cast<int>(std::lround(px)), y0 = static_cast<int>(std::lround(py));
  if (std::min(x0, y0) < kAperture || std::max(x0, y0) >= image.width - kAperture) return {};
  Measured result;
  double weight = 0;
  for (int y = y0 - kAperture; y <= y0 + kAperture; ++y) {
    for (int x = x0 - kAperture; x <= x0 + kAperture; ++x) {
      if (mask.at(x, y) != 0) return {};
      if (std::hypot(x - px, y - py) > kAperture) continue;
      result.flux += image.at(x, y);
      if (std::hypot(x - px, y - py) > 4) continue;
      weight += image.at(x, y);
      result.x += image.at(x, y) * (x - px);
      result.y += image.at(x, y) * (y - py);
    }
  }
  result.x /= weight;
  result.y /= weight;
  return result;
}

/// Nothing within its aperture that counts, and nothing brighter around.
bool is_alone(const Object& star, const std::vector<Object>& scene) {
  int near = 0;
  for (const auto& other : scene) {
    const double apart = sky::separation(sky::to_vector(star.at), sky::to_vector(other.at)) * 3600;
    const double fainter = other.mag[1] - star.mag[1];
    if (&other == &star) continue;
    near += (apart < 6 && fainter < 4) || (apart < 25 && fainter < 0);
  }
  return near == 0;
}

TEST(DemoOverlaps, StarsAreWhereTheyShouldBeAndAsBrightInEveryTile) {
  struct Loaded {
    Plane image, mask;
    sky::Wcs wcs;
  };
  std::map<std::string, Loaded> tiles;
  for (int tile = 1; tile <= 7; ++tile) {
    const auto name = "T000" + std::to_string(tile);
    auto image = read_plane(name, "r", "SCI");
    auto wcs = image.wcs();
    tiles.emplace(name, Loaded{std::move(image), read_plane(name, "r", "MSK"), std::move(wcs)});
  }
  const auto scene = make_scene();
  std::map<std::string, int> seen;
  int shared = 0;
  for (const auto& star : scene) {
    const double r = star.mag[1];
    if (star.shape != Shape::kStar || r < 16.5 || r > 20 || !is_alone(star, scene)) continue;
    std::vector<double> fluxes;
    for (const auto& [name, tile] : tiles) {
      const auto measured = measure(tile.image, tile.mask, tile.wcs, star.at);
      if (!measured) continue;
      ++seen[name];
      EXPECT_NEAR(measured->x, 0, 0.3) << name << " r = " << r;
      EXPECT_NEAR(measured->y, 0, 0.3) << name << " r = " << r;
      if (r < 19) {
        EXPECT_NEAR(measured->flux / std::pow(10, 0.4 * (30 - r)), 1, 0.06) << name << " r = " << r;
      }
      fluxes.push_back(measured->flux);
    }
    if (fluxes.size() < 2) continue;
    ++shared;
    const double noise = std::sqrt(314 * 10 * 10 + fluxes[0] / 4) / fluxes[0];
    for (const double flux : fluxes) {
      EXPECT_NEAR(flux / fluxes[0], 1, 0.01 + 4 * noise) << "r = " << r;
    }
  }
  EXPECT_GE(shared, 9);
  EXPECT_EQ(seen.size(), 7U) << "every tile has such stars";
}

}  // namespace
}  // namespace recorte::demo::test
