// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/algorithms/lupton/mapping.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace lupton {
namespace {

constexpr std::size_t kPixels = 3001;  // no multiple of a vector or a block

struct Picture {
  std::array<std::vector<float>, 3> flux;
  std::array<std::vector<std::uint8_t>, 3> bytes;

  explicit Picture(unsigned seed, float sigma) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 1);
    const float odd[] = {NAN,   INFINITY, -INFINITY, std::numeric_limits<float>::max(),
                         -0.0F, 1e-40F};
    for (auto& channel : flux)
      for (std::size_t i = 0; i < kPixels; ++i)
        channel.push_back(random() % 50 == 0 ? odd[random() % 6]
                                             : sigma * normal(random) * std::exp(normal(random)));
    for (auto& channel : bytes) channel.resize(kPixels);
  }
  std::array<const float*, 3> in() const {
    return {flux[0].data(), flux[1].data(), flux[2].data()};
  }
  std::array<std::uint8_t*, 3> out() { return {bytes[0].data(), bytes[1].data(), bytes[2].data()}; }
};

struct Case {
  double minimum, stretch, q;
};
constexpr Case kCases[] = {{0, 40, 8},      {-5, 100, 3},   {2, 7, 15},
                           {0, 1e-3, 1e10}, {1, 1e5, 1e-3}, {0, 30, 1e-12}};

/// Lupton et al. (2004), equations 2 and 3, as the sums stand there.
std::array<double, 3> formula(const Case& by, std::array<double, 3> flux) {
  for (auto& f : flux) f = std::isnan(f) ? 0 : std::clamp(f - by.minimum, -1e39, 1e39);
  const double mean = (flux[0] + flux[1] + flux[2]) / 3;
  const double slope = 0.1 * 255 / std::asinh(0.1 * by.q);
  const double factor = mean > 0 ? slope * std::asinh(mean * by.q / by.stretch) / mean : 0;
  for (auto& f : flux) f = std::max(0.0, f * factor);
  const double brightest = std::max({flux[0], flux[1], flux[2]});
  for (auto& f : flux) f = brightest > 255 ? f / brightest * 255 : f;
  return flux;
}

TEST(LuptonMapping, FollowsTheFormula) {
  for (const auto& by : kCases) {
    Picture picture(1, 50);
    const std::array minimum{by.minimum, by.minimum, by.minimum};
    Mapping(minimum, by.stretch, by.q).row(picture.in(), picture.out(), kPixels);
    for (std::size_t i = 0; i < kPixels; ++i) {
      const auto expected =
          formula(by, {picture.flux[0][i], picture.flux[1][i], picture.flux[2][i]});
      for (std::size_t c = 0; c < 3; ++c) {
        const int got = picture.bytes[c][i];
        EXPECT_LE(got, expected[c] + 1e-6) << i;
        EXPECT_GT(got, expected[c] - 1 - 1e-6) << i;
      }
    }
  }
}

TEST(LuptonMapping, IsTheSameOnEveryMachine) {
  for (const auto& by : kCases)
    for (const float sigma : {1e-3F, 5.F, 1e4F}) {
      Picture picture(2, sigma);
      const Mapping mapping({by.minimum, 0, 1}, by.stretch, by.q);
      mapping.row(picture.in(), picture.out(), kPixels, Vectors::kNone);
      const auto plain = picture.bytes;
      for (const auto vectors : {Vectors::kAvx2, Vectors::kAvx512}) {
        if (vectors > best_vectors()) continue;
        for (auto& channel : picture.bytes) std::ranges::fill(channel, std::uint8_t{7});
        mapping.row(picture.in(), picture.out(), kPixels, vectors);
        EXPECT_EQ(picture.bytes, plain) << static_cast<int>(vectors);
      }
    }
}

TEST(LuptonMapping, WhatIsPastWhiteIs255) {
  for (float flux = 1e4F; flux < 1e38F; flux *= 1.37F) {
    const float half = flux / 2;
    std::array<std::uint8_t, 3> bytes{};
    Mapping({0, 0, 0}, 5, 8).row({&flux, &half, &half}, {&bytes[0], &bytes[1], &bytes[2]}, 1);
    EXPECT_EQ(bytes[0], 255);
    EXPECT_EQ(bytes[1], 127);
  }
}

}  // namespace
}  // namespace lupton
