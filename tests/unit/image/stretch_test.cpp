// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/stretch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace recorte::image {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr Curve kCurves[] = {Curve::kLinear, Curve::kSqrt, Curve::kLog, Curve::kAsinh};

int byte_of(Curve curve, double black, double white, double softness, float value) {
  std::uint8_t out = 77;
  stretch(curve, black, white, softness, {&value, 1}, {&out, 1});
  return out;
}

/// The formulas of sdk/include/recorte/services.h.
double formula(Curve curve, double a, double t) {
  switch (curve) {
    case Curve::kLinear: return t;
    case Curve::kSqrt: return std::sqrt(t);
    case Curve::kLog: return std::log(1 + a * t) / std::log(1 + a);
    case Curve::kAsinh: return std::asinh(a * t) / std::asinh(a);
  }
  return NAN;
}

TEST(Stretch, FollowsTheFormulas) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> value(-20, 140);
  for (const auto curve : kCurves)
    for (const double softness : {.1, 1., 10., 1000.})
      for (int i = 0; i < 500; ++i) {
        const float v = value(random);
        const double t = std::clamp((double(v) - 10) / 90, 0., 1.);
        EXPECT_NEAR(byte_of(curve, 10, 100, softness, v), 255 * formula(curve, softness, t),
                    .5000001);
      }
}

TEST(Stretch, IsTheSameOnEveryMachine) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> in;
  for (int i = 0; i < 5003; ++i)
    in.push_back(i % 97 == 0 ? kNaN : i % 89 == 0 ? kInfinity : 50 * std::exp(normal(random)) - 40);
  for (const auto curve : kCurves)
    for (const double softness : {1e-9, .1, 10., 1e10}) {
      std::vector<std::uint8_t> expected(in.size()), got(in.size());
      stretch(curve, -10, 100, softness, in, expected, Simd::kScalar);
      for (auto level = Simd::kAvx2; level <= simd();
           level = static_cast<Simd>(static_cast<int>(level) + 1)) {
        stretch(curve, -10, 100, softness, in, got, level);
        EXPECT_EQ(got, expected);
      }
    }
}

TEST(Stretch, EndsAreBlackAndWhite) {
  for (const auto curve : kCurves) {
    EXPECT_EQ(byte_of(curve, -3, 5, 10, -3), 0);
    EXPECT_EQ(byte_of(curve, -3, 5, 10, 5), 255);
    EXPECT_EQ(byte_of(curve, -3, 5, 10, -1e30F), 0);
    EXPECT_EQ(byte_of(curve, -3, 5, 10, 1e30F), 255);
    EXPECT_EQ(byte_of(curve, -3, 5, 10, -kInfinity), 0);
    EXPECT_EQ(byte_of(curve, -3, 5, 10, kInfinity), 255);
    EXPECT_EQ(byte_of(curve, -3, 5, 10, kNaN), 0);
  }
}

TEST(Stretch, NeverFallsAsFluxRises) {
  for (const auto curve : kCurves) {
    int last = 0;
    for (float v = -1; v < 12; v += .01F) {
      const int now = byte_of(curve, 0, 10, 30, v);
      EXPECT_GE(now, last);
      last = now;
    }
    EXPECT_EQ(last, 255);
  }
}

/// Limits that a plugin may come up with: any byte will do, but nothing worse.
TEST(Stretch, SoftnessThatIsNoneIsLinear) {
  for (const auto curve : {Curve::kLog, Curve::kAsinh})
    for (const double softness : {0., -1., -1e300, double(NAN), double(INFINITY)})
      for (const float v : {0.F, 2.5F, 10.F})
        EXPECT_EQ(byte_of(curve, 0, 10, softness, v), byte_of(Curve::kLinear, 0, 10, 1, v))
            << softness;
}

TEST(Stretch, EqualLimitsAreAStep) {
  for (const auto curve : kCurves) {
    EXPECT_EQ(byte_of(curve, 5, 5, 10, 4.9F), 0);
    EXPECT_EQ(byte_of(curve, 5, 5, 10, 5.F), 0);
    EXPECT_EQ(byte_of(curve, 5, 5, 10, 5.1F), 255);
    EXPECT_EQ(byte_of(curve, double(NAN), 5, 10, 5.1F), 0);
  }
}

TEST(Percentiles, AreOfTheFiniteSamples) {
  std::vector<float> samples(1001);
  std::iota(samples.begin(), samples.end(), 0.F);
  std::shuffle(samples.begin(), samples.end(), std::mt19937(2));
  samples.insert(samples.begin() + 500, {kNaN, kInfinity, -kInfinity, kNaN});
  const auto original = samples;
  const auto limits = percentiles(samples, 1, 99.5);
  ASSERT_TRUE(limits);
  EXPECT_EQ(limits->first, 10);
  EXPECT_EQ(limits->second, 995);
  EXPECT_TRUE(std::ranges::equal(samples, original, [](float a, float b) {
    return a == b || (std::isnan(a) && std::isnan(b));
  }));
  EXPECT_EQ(percentiles(samples, 0, 100), std::pair(0., 1000.));
  EXPECT_EQ(percentiles(samples, 99, 1), std::pair(990., 10.));
}

TEST(Percentiles, AgreeWithSorting) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (int round = 0; round < 100; ++round) {
    std::vector<float> samples(1 + random() % 50);
    for (auto& s : samples) s = normal(random);
    auto sorted = samples;
    std::ranges::sort(sorted);
    const double percent = double(random() % 101);
    const auto at =
        static_cast<std::size_t>(std::lround(percent / 100 * double(sorted.size() - 1)));
    EXPECT_EQ(percentiles(samples, percent, 50)->first, sorted[at]);
  }
}

TEST(Percentiles, OfNothingAreNone) {
  EXPECT_FALSE(percentiles({}, 1, 99));
  const std::vector<float> holes{kNaN, kInfinity};
  EXPECT_FALSE(percentiles(holes, 1, 99));
}

TEST(Percentiles, OutsideOfAHundredAreTheEnds) {
  const std::vector<float> samples{3, 1, 2};
  EXPECT_EQ(percentiles(samples, -5, 105), std::pair(1., 3.));
  EXPECT_EQ(percentiles(samples, double(NAN), double(INFINITY)), std::pair(1., 3.));
}

}  // namespace
}  // namespace recorte::image
