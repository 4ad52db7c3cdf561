// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/angle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace recorte {
namespace {

using testing::HasSubstr;

Extent degrees(double value) { return {value, Extent::Unit::kDegree}; }
Extent pixels(double value) { return {value, Extent::Unit::kPixel}; }

TEST(ParseExtent, KnowsEveryUnitInEveryCase) {
  for (const auto* text : {"1deg", "1 Degrees", "1degree", "1°", " 60arcmin ", "60'", "3600 ARCSEC",
                           "3600\"", "+1e0deg", "1e-0 deg"})
    EXPECT_EQ(parse_extent(text), degrees(1)) << text;
  for (const auto* text : {"64px", "64 pix", "64pixel", "64.0Pixels"})
    EXPECT_EQ(parse_extent(text), pixels(64)) << text;
  EXPECT_EQ(parse_extent("1e-3deg"), degrees(1e-3));
  EXPECT_EQ(parse_extent(".5px"), pixels(.5));
}

TEST(ParseExtent, RefusesWithTheValueAndTheRemedy) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "is not a size"},
      {"arcmin", "is not a size"},
      {"1x", "is not a size"},
      {"nandeg", "is not a size"},
      {"1..2deg", "is not a size"},
      {"0x1deg", "is not a size"},
      {"60", "write 60arcsec, 60arcmin, 60deg or 60px"},
      {"1 parsec", "unknown unit"},
      {"1degg", "unknown unit"},
      {"1 deg deg", "unknown unit"},
      {"0px", "above zero"},
      {"-1arcmin", "above zero"},
      {"infdeg", "finite"},
      {"1e-323arcsec", "above zero"}};
  for (const auto& [text, sentence] : cases) {
    const auto extent = parse_extent(text);
    ASSERT_FALSE(extent) << text;
    EXPECT_EQ(extent.error().code, ErrorCode::kUsage);
    EXPECT_THAT(extent.error().message, HasSubstr(sentence));
    EXPECT_THAT(extent.error().message, HasSubstr(text));
  }
}

TEST(ExtentText, ReadsBackToTheSame) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> exponent(-12, 6);
  for (int i = 0; i < 5000; ++i) {
    const double value = std::pow(10, exponent(random));
    const auto extent = i % 2 == 0 ? degrees(value) : pixels(value);
    EXPECT_EQ(parse_extent(extent_text(extent)), extent);
  }
}

TEST(ParseRa, ReadsDegreesAndHours) {
  EXPECT_EQ(parse_ra("150.1"), 150.1);
  EXPECT_EQ(parse_ra(" 0 "), 0);
  EXPECT_EQ(parse_ra("360"), 360);
  for (const auto* text :
       {"10:00:24", "10h00m24s", "10 00 24", "10h 0m 24.0s", "+10:00:24", "10:00.4"})
    EXPECT_NEAR(parse_ra(text).value(), 150.1, 1e-12) << text;
}

TEST(ParseDec, ReadsDegreesAndSexagesimal) {
  EXPECT_EQ(parse_dec("-90"), -90);
  EXPECT_EQ(parse_dec("+2.2"), 2.2);
  for (const auto* text : {"-02:12:00", "-2d12m00s", "-2 12", "-02:12"})
    EXPECT_NEAR(parse_dec(text).value(), -2.2, 1e-12) << text;
  // The sign is the whole angle's, though its degrees are zero.
  EXPECT_NEAR(parse_dec("-00:30:00").value(), -.5, 1e-12);
  EXPECT_NEAR(parse_dec("+89:59:59.999").value(), 90 - 0.001 / 3600, 1e-12);
}

TEST(ParseRaDec, RefuseWhatIsNoAngle) {
  for (const auto* text : {"", "x", "1:2:3:4", "10:60:00", "10:00:60", "10:-1:00", "1:x", ":",
                           "10.5:30:00", "10:00.5:30"}) {
    EXPECT_FALSE(parse_ra(text)) << text;
    EXPECT_FALSE(parse_dec(text)) << text;
  }
  EXPECT_FALSE(parse_dec("10h00m"));
  for (const auto* text : {"-1", "360.1", "24:00:01", "nan", "inf", "-00:00:01"}) {
    const auto ra = parse_ra(text);
    ASSERT_FALSE(ra) << text;
    EXPECT_THAT(ra.error().message, HasSubstr("outside [0, 360]"));
    EXPECT_THAT(ra.error().message, HasSubstr(text));
  }
  for (const auto* text : {"-90.1", "91", "90:00:01", "nan", "-inf"}) {
    const auto dec = parse_dec(text);
    ASSERT_FALSE(dec) << text;
    EXPECT_THAT(dec.error().message, HasSubstr("outside [-90, 90]"));
  }
}

}  // namespace
}  // namespace recorte
