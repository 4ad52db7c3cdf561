// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/lanczos.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <random>

namespace recorte::image {
namespace {

TEST(Lanczos, WeightsAreTheFormulas) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> place(0, 1);
  for (int i = 0; i < 20000; ++i) {
    const double f = place(random);
    std::array<double, kLanczosTaps> expected{};
    double sum = 0;
    for (std::size_t k = 0; k < kLanczosTaps; ++k) {
      const double a = std::numbers::pi * (f + 2 - double(k));
      expected[k] = std::sin(a) / a * std::sin(a / 3) / (a / 3);
      sum += expected[k];
    }
    const auto got = lanczos3_weights(f);
    for (std::size_t k = 0; k < kLanczosTaps; ++k)
      EXPECT_NEAR(got[k], expected[k] / sum, 1e-9) << f;
  }
}

TEST(Lanczos, WeightsSumToOne) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> place(0, 1);
  for (int i = 0; i < 20000; ++i) {
    double sum = 0;
    for (const double w : lanczos3_weights(place(random))) sum += w;
    EXPECT_NEAR(sum, 1, 1e-14);
  }
}

TEST(Lanczos, WholePlacesAreExact) {
  EXPECT_THAT(lanczos3_weights(0), testing::ElementsAre(0, 0, 1, 0, 0, 0));
  EXPECT_THAT(lanczos3_weights(1), testing::ElementsAre(0, 0, 0, 1, 0, 0));
  // As near as can be, and on the borders of steps.
  for (const double f : {std::nextafter(0, 1), std::nextafter(1, 0), 0.5, 1. / 64, 63. / 64})
    for (const double w : lanczos3_weights(f)) EXPECT_LE(std::abs(w), 1);
}

}  // namespace
}  // namespace recorte::image
