// SPDX-License-Identifier: BSD-3-Clause
//
// The codes of tile compression on bytes written by hand and on bytes that nobody wrote. That every
// code gives the pixels that astropy gives is in astropy_test.cpp.
#include "core/fits/hcompress.hpp"
#include "core/fits/plio.hpp"
#include "core/fits/quantized.hpp"
#include "core/fits/tile_gzip.hpp"
#include "rice_streams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

namespace recorte::fits {
namespace {

using test::Bytes;
using test::unrice;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::int32_t> unrice(const Bytes& bytes, int byte_pix, std::size_t pixels) {
  return *unrice(bytes, {32, byte_pix}, pixels, simd());
}

TEST(Rice, ReadsDifferencesOfEachSplit) {
  // 10; split 0: differences 0, 0, 1, -2 as 1 1 001 0001.
  EXPECT_THAT(unrice({10, 0b00111001, 0b00010000}, 1, 4), ElementsAre(10, 10, 11, 9));
  // -2; split 1, two at a time: differences 3 (6 = 11 0) and -4 (7 = 11 1).
  EXPECT_THAT(unrice({0xff, 0xfe, 0b00100001, 0b00001100}, 2, 2), ElementsAre(1, -3));
  // Split 25, which means whole differences: 2^31 wraps around.
  EXPECT_THAT(unrice({0, 0, 0, 0, 0b11010111, 0xff, 0xff, 0xff, 0b11111000}, 4, 1),
              ElementsAre(std::numeric_limits<std::int32_t>::min()));
  // A block of no differences.
  EXPECT_THAT(unrice({0, 0, 1, 0, 0}, 4, 32), Each(256));
}

TEST(Rice, KnowsWhereItsBytesEnd) {
  for (const Bytes& bytes : {Bytes{}, {0}, {0, 0, 0, 0}, {0, 0, 0, 0, 0x08}, Bytes(30, 0)})
    EXPECT_FALSE(unrice(bytes, {16, 4}, 1000, simd()));
}

Bytes words(std::initializer_list<int> values) {
  Bytes out;
  for (const int v : values) {
    out.push_back(static_cast<std::uint8_t>(v >> 8));
    out.push_back(static_cast<std::uint8_t>(v));
  }
  return out;
}

TEST(Plio, FollowsEveryInstruction) {
  std::vector<std::int32_t> out(16, -1);
  // Set 4096 + 5; 3 of it; 2 zeros; 3 zeros and one of it; raise by 2, one; lower by 1, one; raise
  // and lower; 5 of it, of which 3 are wanted.
  const auto list = words({0, 7, -100, 17, 0, 0, 0, 0x1005, 1, 0x4003, 0x0002, 0x5004, 0x6002,
                           0x7001, 0x2004, 0x3002, 0x4005});
  ASSERT_TRUE(unpack_plio(list, out));
  EXPECT_THAT(out, ElementsAre(4101, 4101, 4101, 0, 0, 0, 0, 0, 4101, 4103, 4102, 4104, 4104, 4104,
                               4104, 4104));
  std::vector<std::int32_t> old(2);
  ASSERT_TRUE(unpack_plio(words({0, 0, 4, 0x4002}), old));
  EXPECT_THAT(old, ElementsAre(1, 1));
}

TEST(Plio, RefusesWhatMakesNoSense) {
  std::vector<std::int32_t> out(4);
  for (const auto& list :
       {words({}), words({0, 7}), words({0, 7, -100}), words({0, 7, -100, 9000, 0, 0, 0, 0x4004}),
        words({0, 0, -100, 8, 0, 0, 0, 0x4004}), words({0, 7, -100, 8, 0, 0, 0, 0x1004}),
        words({0, 7, -100, 8, 0, 0, 0, 0x9004}), words({0, 7, -100, 8, 0, 0, 0, 0x4003})}) {
    const auto read = unpack_plio(list, out);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("line list"));
  }
}

// Magic, rows, columns, scale 1, sum, planes 0, and the end of the planes.
Bytes hcompressed(std::uint8_t rows, std::uint8_t columns, std::uint8_t sum) {
  return {0xdd, 0x99, 0, 0, 0, rows, 0, 0, 0,   columns, 0, 0, 0,
          1,    0,    0, 0, 0, 0,    0, 0, sum, 0,       0, 0, 0};
}

TEST(Hcompress, SpreadsTheSumOfAFlatTile) {
  const auto flat = unpack_hcompress(hcompressed(4, 4, 56), 16, false);
  ASSERT_TRUE(flat) << flat.error().message;
  EXPECT_THAT(*flat, Each(7));
}

TEST(Hcompress, RefusesWhatIsNotItsTile) {
  EXPECT_THAT(unpack_hcompress(hcompressed(4, 4, 56), 20, false).error().message,
              HasSubstr("another size"));
  EXPECT_FALSE(unpack_hcompress(hcompressed(0, 4, 56), 16, false));
  EXPECT_FALSE(unpack_hcompress(Bytes(25, 0), 16, false));
  auto bytes = hcompressed(4, 4, 56);
  bytes[23] = 200;
  EXPECT_THAT(unpack_hcompress(bytes, 16, false).error().message, HasSubstr("bit planes"));
  bytes[23] = 5;
  EXPECT_FALSE(unpack_hcompress(bytes, 16, false));
  bytes.resize(20);
  EXPECT_THAT(unpack_hcompress(bytes, 16, false).error().message, HasSubstr("end early"));
}

TEST(GzipTile, IsBoundedAndChecked) {
  const std::string text(5000, 'x');
  Bytes packed(200);
  uLongf size = packed.size();
  ASSERT_EQ(compress(packed.data(), &size, reinterpret_cast<const Bytef*>(text.data()), 5000),
            Z_OK);
  packed.resize(size);
  TileGunzip gunzip;
  EXPECT_EQ(gunzip(packed, 5000)->size(), 5000U);
  EXPECT_THAT(gunzip(packed, 4999).error().message, HasSubstr("more than its pixels"));
  packed.back() ^= 1;
  EXPECT_THAT(gunzip(packed, 5000).error().message, HasSubstr("damaged"));
  packed.pop_back();
  EXPECT_THAT(gunzip(packed, 5000).error().message, HasSubstr("end early"));
  EXPECT_FALSE(gunzip({}, 5000));
}

TEST(Quantized, DithersAsTheStandardSays) {
  // Appendix I: the seed after the first number is 16807, after the 10000th 1043618065.
  const std::vector<std::int32_t> levels{0, 3, -2147483646, -5};
  std::array<float, 4> out{};
  Quantization how{2, 100, Quantization::Dither::kTwo, 0, -5};
  restore(levels, 0, how, -32, reinterpret_cast<std::byte*>(out.data()));
  EXPECT_FLOAT_EQ(out[0], static_cast<float>(100 + 2 * (0.5 - 16807 / 2147483647.0)));
  EXPECT_FLOAT_EQ(out[1], static_cast<float>(100 + 2 * (3.5 - 282475249 / 2147483647.0)));
  EXPECT_EQ(out[2], 0);
  EXPECT_TRUE(std::isnan(out[3]));
  // The last tile of the sequence begins where 500 times the last number points.
  std::array<double, 1> last{}, same{};
  how = {1, 0, Quantization::Dither::kOne, 9999, {}};
  const std::vector<std::int32_t> one{0};
  restore(one, 0, how, -64, reinterpret_cast<std::byte*>(last.data()));
  how.sequence = 9999 + 10'000;
  restore(one, 0, how, -64, reinterpret_cast<std::byte*>(same.data()));
  EXPECT_EQ(last[0], same[0]);
  const std::vector<std::int32_t> many(243, 0);  // 1043618065 / 2147483647 * 500 = 242.98
  std::vector<double> first(243);
  how.sequence = 0;
  restore(many, 0, how, -64, reinterpret_cast<std::byte*>(first.data()));
  EXPECT_EQ(first[242], last[0]);
}

// Under the sanitizers this is where a read or write out of bounds would show.
TEST(Codes, SurviveAnyBytes) {
  std::mt19937 random(11);
  TileGunzip gunzip;
  const auto any = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(static_cast<std::size_t>(any(120)));
    // Few zeros, few ones, or both alike.
    const int mask = any(3);
    for (auto& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
      if (mask == 1) byte &= static_cast<std::uint8_t>(random() & random());
      if (mask == 2) byte |= static_cast<std::uint8_t>(random() | random());
    }
    std::vector<std::int32_t> out(static_cast<std::size_t>(1 + any(300)));
    (void)unrice(bytes, {any(2) ? 16 : 32, 1 << any(3)}, out.size(), simd());
    if (bytes.size() >= 14 && any(2)) {
      const auto header = words({0, 7, -100, static_cast<int>(bytes.size() / 2), 0, 0, 0});
      std::ranges::copy(header, bytes.begin());
    }
    (void)unpack_plio(bytes, out);
    (void)gunzip(bytes, 1000);
    const auto rows = 1 + any(20), columns = 1 + any(20);
    auto head = hcompressed(static_cast<std::uint8_t>(rows), static_cast<std::uint8_t>(columns), 0);
    head.pop_back();
    for (const std::size_t at : {10, 13, 14, 21}) head[at] = static_cast<std::uint8_t>(random());
    for (const std::size_t at : {22, 23, 24}) head[at] = static_cast<std::uint8_t>(any(70));
    bytes.insert(bytes.begin(), head.begin(), head.end());
    (void)unpack_hcompress(bytes, rows * columns, any(2) != 0);
  }
}

}  // namespace
}  // namespace recorte::fits
