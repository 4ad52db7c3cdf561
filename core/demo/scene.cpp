// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/scene.hpp"

#include "core/demo/demo_sky.hpp"
#include "core/demo/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace recorte::demo {
namespace {

constexpr double kArcsec = 1.0 / 3600;
constexpr double kPitch = 0.36;  // of spiral arms, radians
// The field holds all tiles; right ascension runs through 0.
constexpr double kWest = -0.07, kEast = 0.265, kSouth = 9.945, kNorth = 10.135;
constexpr sky::Position kExample{kExampleRa, kExampleDec};
constexpr sky::Position kCluster{0.0755, 9.9885};

using Mags = std::array<double, 3>;
Mags mags(double r, double g_r, double r_i) { return {r + g_r, r, r - r_i}; }

/// East and north in arcseconds.
sky::Position moved(const sky::Position& from, double east, double north) {
  return sky::to_position(sky::offset(sky::to_vector(from), std::atan2(east, north) / sky::kDegree,
                                      std::hypot(east, north) * kArcsec));
}

double distance(const sky::Position& a, const sky::Position& b) {  // arcsec
  return sky::separation(sky::to_vector(a), sky::to_vector(b)) / kArcsec;
}

sky::Position anywhere(Random& random) {
  const double ra = random.uniform(kWest, kEast);
  const double dec = random.uniform(kSouth, kNorth);
  return {ra < 0 ? ra + 360 : ra, dec};
}

Mags star_mags(double r, double g_r) {
  const double cool = std::max(0.0, g_r - 1.1);  // M dwarfs: g - r stands still, r - i grows
  return mags(r, std::min(g_r, 1.2 + 0.3 * cool), 0.38 * g_r + 1.2 * cool);
}

void add_stars(std::vector<Object>& scene, Random& random) {
  struct Bright {
    sky::Position at;
    double r, g_r;
  };
  for (const auto& [at, r, g_r] :
       {Bright{{359.962, 10.021}, 12.6, 0.25}, Bright{{0.0245, 9.9690}, 13.6, 1.15},
        Bright{{0.0905, 10.0285}, 14.4, -0.15}, Bright{{0.1490, 9.9845}, 13.2, 0.55},
        Bright{{0.0410, 10.0930}, 12.9, -0.2}, Bright{{0.1580, 10.0990}, 14.0, 1.3},
        Bright{{0.2100, 10.0250}, 13.4, 0.4}}) {
    scene.push_back({Shape::kStar, at, star_mags(r, g_r)});
  }
  // One where each two tiles overlap, so that they can be compared.
  double standard = 16.8;
  for (const auto& at : {sky::Position{0.0190, 9.9850},
                         {0.0190, 10.0900},
                         {0.0970, 10.0080},
                         {0.0970, 10.0650},
                         {359.9650, 10.03875},
                         {0.0700, 10.03875},
                         {0.1250, 10.03875},
                         {0.1700, 10.0300},
                         {0.1700, 10.0480}}) {
    scene.push_back({Shape::kStar, at, star_mags(standard, 3 * (standard - 16.8) / 4)});
    standard += 0.2;
  }
  for (int i = 0; i < 330; ++i) {
    const auto at = anywhere(random);
    const double r = random.magnitude(15.5, 23, 0.13);
    const double g_r = -0.25 + 1.75 * std::sqrt(random.uniform());
    if (r < 19 && distance(at, kExample) < 45) continue;  // the example stays unspoilt
    scene.push_back({Shape::kStar, at, star_mags(r, g_r)});
  }
}

void add_field_galaxies(std::vector<Object>& scene, Random& random) {
  for (int i = 0; i < 3600; ++i) {
    Object galaxy;
    galaxy.at = anywhere(random);
    const double r = random.magnitude(17.2, 25, 0.29);
    const double size = 3.2 * std::pow(10, -0.13 * (r - 18)) * std::exp(0.3 * random.normal());
    const bool old = random.uniform() < 0.25;
    galaxy.shape = old ? Shape::kSpheroid : Shape::kDisc;
    galaxy.radius = std::min(size, 5.0);
    galaxy.axis_ratio = old ? random.uniform(0.55, 1) : random.uniform(0.2, 1);
    galaxy.angle = random.uniform(0, 180);
    const double tint = random.uniform();
    galaxy.mag = old ? mags(r, 0.8 + 0.8 * tint, 0.35 + 0.35 * tint)
                     : mags(r, 0.05 + 0.65 * tint, 0.0 + 0.35 * tint);
    if (r < 20 && distance(galaxy.at, kExample) < 35) continue;
    scene.push_back(galaxy);
  }
}

/// Young clusters along the crests of the arms.
void add_knots(std::vector<Object>& scene, Random& random, const Object& disc, int count) {
  const double angle = disc.angle * sky::kDegree;
  for (int i = 0; i < count; ++i) {
    const double radius = 0.45 + 2.2 * std::pow(random.uniform(), 1.2);
    const double spread = 0.17 * random.normal();
    const double arm = random.uniform() < 0.5 ? 0 : std::numbers::pi;
    const double azimuth = arm + spread + std::log(radius) / std::tan(kPitch);
    const double along = disc.radius * radius * std::cos(azimuth);
    const double across = disc.radius * radius * std::sin(azimuth) * disc.axis_ratio;
    const double east = along * std::sin(angle) + across * std::cos(angle);
    const double north = along * std::cos(angle) - across * std::sin(angle);
    const double r = disc.mag[1] + random.magnitude(4.4, 8, 0.25) + 0.35 * radius;
    const double tint = random.uniform(-0.35, 0.15);
    const double size = random.uniform(0.3, 0.9);
    scene.push_back({Shape::kDisc, moved(disc.at, east, north), mags(r, tint, 0.6 * tint), size});
  }
}

void add_spiral(std::vector<Object>& scene, Random& random, const sky::Position& at, double r,
                double radius, double axis_ratio, double angle) {
  const Object disc{Shape::kSpiral, at, mags(r, 0.35, 0.15), radius, axis_ratio, angle};
  scene.push_back(disc);
  const double bulge = 0.5 * (1 + axis_ratio);
  scene.push_back({Shape::kSpheroid, at, mags(r + 1.7, 0.85, 0.42), 0.22 * radius, bulge, angle});
  add_knots(scene, random, disc, static_cast<int>(9 * radius));
}

/// Red galaxies crowded around a giant, and a blue one behind them bent into an arc.
void add_cluster(std::vector<Object>& scene, Random& random) {
  const auto red = [](double r) { return mags(r, 1.42 - 0.03 * (r - 18), 0.6); };
  scene.push_back({Shape::kSpheroid, kCluster, red(16.9), 5.5, 0.72, 35});
  scene.push_back({Shape::kSpheroid, moved(kCluster, 4.8, 5.4), red(18.4), 1.6, 0.85, 100});
  for (int i = 0; i < 44; ++i) {
    const double radius = 3.5 + 42 * std::pow(random.uniform(), 1.3);
    const double azimuth = random.uniform(0, 2 * std::numbers::pi);
    const double r = random.magnitude(18.3, 22.5, 0.2);
    const auto at = moved(kCluster, radius * std::sin(azimuth), radius * std::cos(azimuth));
    const double size = 1.3 * std::pow(10, -0.12 * (r - 19));
    const double axis_ratio = random.uniform(0.5, 1);
    scene.push_back({Shape::kSpheroid, at, red(r), size, axis_ratio, random.uniform(0, 180)});
  }
  for (int i = 0; i < 26; ++i) {
    const double azimuth = 3.4 + 0.048 * i;
    const double bright = 23.0 + 0.8 * std::pow((i - 12.5) / 12.5, 2);
    const auto at = moved(kCluster, 14 * std::sin(azimuth), 14 * std::cos(azimuth));
    scene.push_back({Shape::kDisc, at, mags(bright, -0.1, -0.1), 0.35});
  }
}

}  // namespace

double arm_phase(double radius, double azimuth) {
  return 2 * (azimuth - std::log(std::max(radius, 0.05)) / std::tan(kPitch));
}

std::vector<Object> make_scene() {
  Random random(20120);
  std::vector<Object> scene;
  add_stars(scene, random);
  add_field_galaxies(scene, random);
  add_cluster(scene, random);
  add_spiral(scene, random, kExample, 14.2, 11, 0.72, 140);
  // Its companion, red and round.
  scene.push_back(
      {Shape::kSpheroid, moved(kExample, -31, 24), mags(16.6, 0.85, 0.42), 2.6, 0.8, 60});
  add_spiral(scene, random, {0.1180, 10.0700}, 15.2, 7.5, 0.5, 65);
  add_spiral(scene, random, {0.2000, 10.0560}, 15.4, 7, 0.85, 10);
  // Seen from the edge, across right ascension 0.
  scene.push_back({Shape::kDisc, {0.0004, 10.0070}, mags(15.6, 0.75, 0.38), 10, 0.1, 62});
  scene.push_back({Shape::kSpheroid, {0.0004, 10.0070}, mags(16.7, 0.95, 0.48), 2.2, 0.6, 62});
  return scene;
}

}  // namespace recorte::demo
