// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/pixels.hpp"

#include "rice_streams.hpp"

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

TEST(SwapBytes, IsTheSameByEveryLevelOfInstructions) {
  std::string bytes(2000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i % 251);
  for (const int bits : {8, 16, 32, 64})
    for (std::int64_t count = 0; count < 150; ++count)
      for (const auto level : test::levels()) {
        const auto size = static_cast<std::size_t>(bits / 8);
        std::string expected(1300, '\x55');
        for (std::size_t i = 0; i < static_cast<std::size_t>(count) * size; ++i)
          expected[i] = bytes[1 + (i / size + 1) * size - 1 - i % size];
        std::string out(1300, '\x55');
        swap_bytes(bits, bytes.data() + 1, out.data(), count, level);
        ASSERT_EQ(out, expected) << bits << ' ' << count;
        std::string here = bytes.substr(1, 1300);
        swap_bytes(bits, here.data(), here.data(), count, level);
        ASSERT_EQ(here.substr(0, static_cast<std::size_t>(count) * size),
                  expected.substr(0, static_cast<std::size_t>(count) * size));
      }
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
