// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/quantized.hpp"

#include "rice_streams.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace recorte::fits {
namespace {

using namespace recorte::test;

/// The formula of the standard, one pixel at a time.
template <class Float>
std::vector<Float> plainly(const Pixels& levels, const Quantization& how) {
  std::vector<float> random;
  std::int64_t seed = 1;
  for (int i = 0; i < 10'000; ++i) {
    seed = 16807 * seed % 2147483647;
    random.push_back(static_cast<float>(static_cast<double>(seed) / 2147483647.0));
  }
  auto start = static_cast<std::size_t>(how.sequence % 10'000);
  auto at = static_cast<std::size_t>(random[start] * 500);
  std::vector<Float> out;
  for (const auto level : levels) {
    volatile double value = level;  // nothing is fused
    if (how.dither != Quantization::Dither::kNone) {
      value = value - static_cast<double>(random[at]);
      value = value + 0.5;
      if (++at == random.size()) {
        start = (start + 1) % random.size();
        at = static_cast<std::size_t>(random[start] * 500);
      }
    }
    value = value * how.scale;
    value = value + how.zero;
    out.push_back(static_cast<Float>(value));
    if (how.dither == Quantization::Dither::kTwo && level == -2147483646) out.back() = 0;
    if (how.null && level == *how.null) out.back() = std::numeric_limits<Float>::quiet_NaN();
  }
  return out;
}

template <class Float>
void agrees(std::mt19937& random, const Pixels& levels, const Quantization& how) {
  const auto expected = plainly<Float>(levels, how);
  for (const auto level : test::levels()) {
    const auto first = random() % levels.size();
    const auto count = 1 + random() % (levels.size() - first);
    std::vector<std::byte> out(count * sizeof(Float) + 3);  // at an odd address
    restore(std::span(levels).subspan(first, count), static_cast<std::int64_t>(first), how,
            -8 * static_cast<int>(sizeof(Float)), out.data() + 3, level);
    ASSERT_EQ(std::memcmp(out.data() + 3, expected.data() + first, count * sizeof(Float)), 0)
        << "pixel " << first << ", " << count;
  }
}

TEST(Quantized, IsTheSameFromAnyPixelOn) {
  std::mt19937 random(31);
  for (int n = 0; n < 300; ++n) {
    Pixels levels(1 + random() % 40'000);
    for (auto& level : levels) {
      const auto kind = random() % 50;
      level = kind == 0   ? -2147483646
              : kind == 1 ? std::numeric_limits<std::int32_t>::min()
              : kind == 2 ? static_cast<std::int32_t>(random())
                          : static_cast<std::int32_t>(random() % 2000) - 1000;
    }
    Quantization how;
    how.scale = std::ldexp(static_cast<double>(random()), -35);
    how.zero = static_cast<double>(random()) / 7 - 1e8;
    how.dither = static_cast<Quantization::Dither>(n % 3);
    how.sequence = static_cast<std::int64_t>(random() % 30'000);
    if (n % 2 == 0) how.null = std::numeric_limits<std::int32_t>::min();
    if (n % 10 == 1) how.null = std::int64_t{1} << 40;
    agrees<float>(random, levels, how);
    agrees<double>(random, levels, how);
  }
}

}  // namespace
}  // namespace recorte::fits
