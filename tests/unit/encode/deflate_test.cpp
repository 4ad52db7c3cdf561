// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/deflate.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <random>
#include <utility>

namespace recorte::encode {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string deflated(const Bytes& bytes, int pixel, std::size_t block) {
  Deflate deflate(pixel);
  std::string out;
  for (std::size_t at = 0;; at += block) {
    const auto count = std::min(block, bytes.size() - at);
    const bool last = at + count == bytes.size();
    deflate.block({bytes.data() + at, count}, last);
    out += deflate.take();
    if (last) return out;
  }
}

/// What zlib makes of a whole stream; "?" where it is none.
std::string inflated(std::string stream, std::size_t most) {
  std::string out(most + 1, '\0');
  z_stream z{};
  if (inflateInit2(&z, -15) != Z_OK) return "?";
  z.next_in = reinterpret_cast<Bytef*>(stream.data());
  z.avail_in = static_cast<uInt>(stream.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0;
  out.resize(z.total_out);
  inflateEnd(&z);
  return whole ? out : "?";
}

void expect_same(const Bytes& bytes, int pixel, std::size_t block) {
  const auto back = inflated(deflated(bytes, pixel, block), bytes.size());
  ASSERT_EQ(back.size(), bytes.size()) << pixel << " " << block;
  EXPECT_TRUE(
      std::ranges::equal(back, bytes, {}, [](char c) { return static_cast<std::uint8_t>(c); }))
      << pixel << " " << block;
}

TEST(Deflate, InflatesToTheSameBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const int pixel = 1 + static_cast<int>(random() % 4);
    Bytes bytes(random() % 3 == 0 ? random() % 20 : random() % 3000);
    const auto kind = random() % 5;
    for (std::size_t j = 0; j < bytes.size(); ++j) {
      const auto any = static_cast<std::uint8_t>(random());
      const auto p = static_cast<std::size_t>(pixel);
      bytes[j] = kind == 0   ? any  // noise
                 : kind == 1 ? 0    // all one run
                 : kind == 2 ? random() % 50 == 0 ? any
                               : j >= p           ? bytes[j - p]
                                                  : 7  // runs of pixels
                 : kind == 3 ? static_cast<std::uint8_t>(std::countl_zero(random() | 1U))
                             : static_cast<std::uint8_t>(random() % 300 == 0 ? any : 3);
    }
    expect_same(bytes, pixel, 1 + random() % 4000);
  }
}

TEST(Deflate, RunsOfEveryLength) {
  for (int pixel = 1; pixel <= 4; ++pixel)
    for (std::size_t length = 0; length < 800; ++length) {
      Bytes bytes{1, 2, 3, 4, 5, 6, 7};
      bytes.insert(bytes.end(), length, 9);
      bytes.push_back(8);
      expect_same(bytes, pixel, 1 << 20);
    }
}

/// Counts like Fibonacci's make Huffman's codes as long as they can be.
TEST(Deflate, KeepsCodesShort) {
  Bytes bytes;
  std::size_t a = 1, b = 1;
  for (std::uint8_t value = 0; value < 26; ++value) {
    bytes.insert(bytes.end(), a, value);
    b = a + std::exchange(a, b);
  }
  std::shuffle(bytes.begin(), bytes.end(), std::mt19937(2));
  expect_same(bytes, 1, 1 << 20);
}

TEST(Deflate, IsSmall) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal(60, 8);
  Bytes noise(1 << 20), black(1 << 20, 0);
  for (auto& v : noise) v = static_cast<std::uint8_t>(normal(random));
  // The entropy of the noise is log2(8 √(2πe)) = 5.05 bits.
  EXPECT_LT(deflated(noise, 1, 128 << 10).size(), noise.size() * 5.1 / 8);
  EXPECT_LT(deflated(black, 3, 128 << 10).size(), black.size() / 400);
}

}  // namespace
}  // namespace recorte::encode
