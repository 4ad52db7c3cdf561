// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/pixels.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

namespace recorte::fits {
namespace {

TEST(SwapBytes, TurnsEachSampleAround) {
  const std::string bytes = "abcdefgh";
  const auto swapped = [&](int bitpix, std::int64_t count) {
    std::string out = bytes;
    swap_bytes(bitpix, out.data(), out.data(), count);
    return out;
  };
  if (std::endian::native == std::endian::big) GTEST_SKIP() << "this machine is FITS-ordered";
  EXPECT_EQ(swapped(8, 8), "abcdefgh");
  EXPECT_EQ(swapped(16, 3), "badcfegh");
  EXPECT_EQ(swapped(-32, 2), "dcbahgfe");
  EXPECT_EQ(swapped(64, 1), "hgfedcba");
}

TEST(Scale, AppliesBscaleBzeroAndBlank) {
  const std::array<std::int16_t, 3> stored{-2, 7, 100};
  std::array<double, 3> wide{};
  std::array<float, 3> narrow{};
  const Scaling scaling{0.5, 32768, 7};
  scale(16, stored.data(), scaling, -64, wide.data(), 3);
  scale(16, stored.data(), scaling, -32, narrow.data(), 3);
  EXPECT_EQ(wide[0], 32767);
  EXPECT_TRUE(std::isnan(wide[1]));
  EXPECT_EQ(narrow[2], 32818);
  EXPECT_TRUE(std::isnan(narrow[1]));
}

TEST(Scale, CopiesFloatsBitByBit) {
  const std::array<std::uint32_t, 2> bits{0x7fc12345, 0xff812345};  // quiet and signalling NaN
  std::array<std::uint32_t, 2> out{};
  scale(-32, bits.data(), {}, -32, out.data(), 2);
  EXPECT_EQ(out, bits);
}

TEST(Scale, ReadsAndWritesWithoutAlignment) {
  std::array<char, 9> from{};
  std::array<char, 17> to{};
  const double value = 2.5;
  std::memcpy(from.data() + 1, &value, sizeof value);
  scale(-64, from.data() + 1, {2, 1, {}}, -64, to.data() + 1, 1);
  double out = 0;
  std::memcpy(&out, to.data() + 1, sizeof out);
  EXPECT_EQ(out, 6.0);
}

}  // namespace
}  // namespace recorte::fits
