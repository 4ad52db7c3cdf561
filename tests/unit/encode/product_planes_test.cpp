// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/product_planes.hpp"

#include "core/base/io.hpp"
#include "core/encode/fits_writer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace recorte::encode {
namespace {

/// Two bands of 3 x 2 pixels behind an empty primary, the second as integers and absent.
std::string product() {
  const auto memory = make_memfd("product").value();
  FitsWriter writer(memory.get());
  EXPECT_TRUE(writer.begin({}, 8, {}));
  EXPECT_TRUE(writer.end());
  fits::Header header;
  header.set_text("RCBAND", "g");
  header.set_text("RCPLANE", "image");
  header.set_text("BUNIT", "nJy");
  const std::vector<float> floats{0, 1, 2, 3, 4, 5};
  EXPECT_TRUE(writer.begin(header, -32, {3, 2}));
  EXPECT_TRUE(writer.rows(0, 0, 2, floats.data(), 12));
  EXPECT_TRUE(writer.end());
  header.set_text("RCBAND", "r");
  header.set_text("RCEDGE", "absent");
  header.set_number("BSCALE", 0.5);
  header.set_integer("BLANK", -7);
  const std::vector<std::int16_t> shorts{0, 1, 2, 3, 4, -7};
  EXPECT_TRUE(writer.begin(header, 16, {3, 2, 1}));
  EXPECT_TRUE(writer.rows(0, 0, 2, shorts.data(), 6));
  EXPECT_TRUE(writer.end());
  return read_descriptor(memory.get()).value();
}

auto planes_of(const std::string& bytes) { return product_planes(std::as_bytes(std::span(bytes))); }

TEST(ProductPlanes, AreFoundWithWhatTheyMean) {
  const auto bytes = product();
  const auto planes = planes_of(bytes);
  ASSERT_TRUE(planes) << planes.error().message;
  ASSERT_EQ(planes->size(), 2U);
  const auto& g = planes->at(0);
  EXPECT_EQ(g.band, "g");
  EXPECT_EQ(g.meaning, "image");
  EXPECT_EQ(g.unit, "nJy");
  EXPECT_FALSE(g.absent);
  EXPECT_EQ(g.width, 3);
  EXPECT_EQ(g.height, 2);
  EXPECT_EQ(g.pixels.size(), 24U);
  EXPECT_EQ(g.pixels[4], std::byte{0x3f});  // 1.0 begins so, big-endian
  const auto& r = planes->at(1);
  EXPECT_EQ(r.band, "r");
  EXPECT_TRUE(r.absent);
  EXPECT_EQ(r.bitpix, 16);
  EXPECT_EQ(r.bscale, 0.5);
  EXPECT_EQ(r.blank, -7);
  EXPECT_EQ(r.pixels.size(), 12U);
}

TEST(ProductPlanes, WhatIsCutOffIsRefusedOrHasWholePixels) {
  const auto whole = product();
  for (std::size_t size = 0; size < whole.size(); size += 40) {
    const auto bytes = whole.substr(0, size);
    const auto planes = planes_of(bytes);
    if (!planes) {
      EXPECT_EQ(planes.error().code, ErrorCode::kData);
      continue;
    }
    for (const auto& plane : *planes) {
      EXPECT_EQ(plane.pixels.size(), plane.bitpix == 16 ? 12U : 24U);
      EXPECT_LE(reinterpret_cast<const char*>(plane.pixels.data() + plane.pixels.size()),
                bytes.data() + bytes.size());
    }
  }
}

TEST(ProductPlanes, LiesAboutSizesAreRefused) {
  const auto whole = product();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"NAXIS1  =                    3", "NAXIS1  =  4611686018427387904"},
           {"NAXIS1  =                    3", "NAXIS1  =                   -3"},
           {"NAXIS1  =                    3", "NAXIS1  =              1000000"},
           {"NAXIS1  =                    3", "NAXIS1  = 'three   '          "},
           {"NAXIS   =                    2", "NAXIS   =           2000000000"},
           {"NAXIS   =                    2", "NAXIS   =                    4"},
           {"BITPIX  =                  -32", "BITPIX  =                   33"}}) {
    auto bytes = whole;
    const auto at = bytes.find(from);
    ASSERT_NE(at, bytes.npos) << from;
    bytes.replace(at, to.size(), to);
    const auto planes = planes_of(bytes);
    ASSERT_FALSE(planes) << to;
    EXPECT_EQ(planes.error().code, ErrorCode::kData);
  }
}

TEST(ProductPlanes, CubesAreRefused) {
  const auto memory = make_memfd("product").value();
  FitsWriter writer(memory.get());
  const std::vector<float> floats(24);
  ASSERT_TRUE(writer.begin({}, -32, {3, 2, 4}));
  for (std::int64_t plane = 0; plane < 4; ++plane)
    ASSERT_TRUE(writer.rows(plane, 0, 2, floats.data(), 12));
  ASSERT_TRUE(writer.end());
  const auto planes = planes_of(read_descriptor(memory.get()).value());
  ASSERT_FALSE(planes);
  EXPECT_EQ(planes.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace recorte::encode
