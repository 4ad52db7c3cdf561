// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/random.hpp"
#include "core/demo/render.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace recorte::demo {
namespace {

/// Two amplifiers read the detector; the right one is noisier.
double sky_sigma(int x, int band) { return kBands[band].sky_sigma * (x < kSide / 2 ? 1.0 : 1.12); }

void add_noise(std::vector<float>& image, int band, Random& random) {
  for (int i = 0; i < kSide * kSide; ++i) {
    const double sigma = sky_sigma(i % kSide, band);
    const double photons = std::max(0.0F, image[i]) / kGain;
    image[i] += static_cast<float>(std::sqrt(sigma * sigma + photons) * random.normal());
  }
}

/// Charge above the full well spills up and down its column until it finds room.
void bleed(Exposure& exposure, int x) {
  constexpr auto kFull = static_cast<float>(kSaturation);
  float excess = 0;
  const auto fill = [&](int y) {
    float& pixel = exposure.image[y * kSide + x];
    const float before = pixel;
    pixel = std::min(kFull, before + excess);
    excess -= pixel - before;
    if (pixel >= kFull) exposure.mask[y * kSide + x] |= kSaturated;
  };
  for (int y = 0; y < kSide; ++y) {
    if (exposure.image[y * kSide + x] <= kFull) continue;
    int below = y - 1;
    for (; y < kSide && exposure.image[y * kSide + x] > kFull; ++y) fill(y);
    excess = std::min(excess, 80 * kFull);  // the rest is drained
    for (int above = y; excess > 0 && (below >= 0 || above < kSide); --below, ++above) {
      if (below >= 0) fill(below);
      if (above < kSide && excess > 0) fill(above);
    }
    excess = 0;
  }
}

void add_cosmic_rays(Exposure& exposure, Random& random) {
  for (int ray = 0; ray < 5; ++ray) {
    double x = random.uniform(0, kSide), y = random.uniform(0, kSide);
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const int length = 2 + static_cast<int>(14 * std::pow(random.uniform(), 2));
    for (int step = 0; step < length; ++step, x += std::cos(angle), y += std::sin(angle)) {
      if (x < 0 || y < 0 || x >= kSide || y >= kSide) break;
      const int i = static_cast<int>(y) * kSide + static_cast<int>(x);
      exposure.image[i] += static_cast<float>(random.uniform(800, 4000));
      exposure.mask[i] |= kCosmicRay;
    }
  }
}

/// A dead pixel blocks what lies above it: the same columns in every band of a tile.
void kill_columns(Exposure& exposure, int tile) {
  Random random(930 + tile);
  for (int column = 0; column < 2; ++column) {
    const int x = static_cast<int>(random.uniform(20, kSide - 20));
    const int from = static_cast<int>(random.uniform(0, kSide - 60));
    for (int y = from; y < kSide; ++y) {
      exposure.image[y * kSide + x] = std::numeric_limits<float>::quiet_NaN();
      exposure.mask[y * kSide + x] |= kBadColumn;
    }
  }
}

}  // namespace

Exposure expose(std::vector<float> light, int tile, int band) {
  Random random(1000 + 10 * tile + band);
  Exposure exposure{std::move(light), std::vector<std::int16_t>(kPixels),
                    std::vector<float>(kPixels)};
  add_noise(exposure.image, band, random);
  for (int x = 0; x < kSide; ++x) bleed(exposure, x);
  add_cosmic_rays(exposure, random);
  kill_columns(exposure, tile);
  for (int i = 0; i < kSide * kSide; ++i) {
    const double sigma = sky_sigma(i % kSide, band);
    exposure.weight[i] = exposure.mask[i] ? 0 : static_cast<float>(1 / (sigma * sigma));
  }
  return exposure;
}

}  // namespace recorte::demo
