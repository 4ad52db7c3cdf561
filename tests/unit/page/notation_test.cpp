// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/notation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::page {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Forms : public testing::TestWithParam<const char*> {};

TEST_P(Forms, OfOnePositionReadAlike) {
  const auto position = read_position(GetParam());
  ASSERT_TRUE(position) << position.error().message;
  EXPECT_NEAR(position->ra, 150.1, 1e-9);
  EXPECT_NEAR(position->dec, -2.2, 1e-9);
}
INSTANTIATE_TEST_SUITE_P(Position, Forms,
                         testing::Values("150.1 -2.2", "150.1, -2.2", "150.1,-2.2",
                                         "  150.1\t-2.2 ", "150.1-2.2", "1.501e+2 -2.2e0",
                                         "10:00:24 -02:12:00", "10:00:24, -02:12:00",
                                         "10h00m24s -02d12m00s", "10h00m24s-02d12m00s",
                                         "10 00 24 -02 12 00", "10 00 24 -02 12",
                                         "10h 00m 24s \u221202d 12m 00s", "150.1 -2:12"));

TEST(Position, WordsWithoutASignSplitInTheMiddle) {
  EXPECT_EQ(read_position("10 00 24 02 12 00").value(), read_position("10:00:24 2:12").value());
  EXPECT_EQ(read_position("150.1 2.2").value(), (sky::Position{150.1, 2.2}));
}

std::string error_of(std::string_view text) {
  const auto position = read_position(text);
  return position ? "" : position.error().message;
}

TEST(Position, ANameIsNotLookedUpAndTheSentenceSaysSo) {
  for (const auto* name : {"M31", "NGC 253", "Sgr A*", "SDSS J1000+0212", "nan nan"})
    EXPECT_THAT(error_of(name), AllOf(HasSubstr(name),
                                      HasSubstr("names of objects are not looked "
                                                "up"),
                                      HasSubstr("150.1 2.2")));
}

TEST(Position, WhatIsWrongIsNamed) {
  EXPECT_THAT(error_of("150.1"), HasSubstr("'150.1' is not a position"));
  EXPECT_THAT(error_of(""), HasSubstr("such as 150.1 2.2"));
  EXPECT_THAT(error_of("1,2,3"), HasSubstr("'1,2,3'"));
  EXPECT_THAT(error_of("1 2 3"), HasSubstr("'1 2 3'"));
  EXPECT_THAT(error_of("400 2.2"), HasSubstr("right ascension 400 is outside"));
  EXPECT_THAT(error_of("150.1 -91"), HasSubstr("declination -91 is outside"));
  EXPECT_THAT(error_of("10:61:00 2"), HasSubstr("'10:61:00' is not a right ascension"));
}

TEST(Position, ALongTextIsNotRepeatedWhole) {
  EXPECT_LT(error_of(std::string(10'000, '1')).size(), 300U);
  EXPECT_LT(error_of(std::string(10'000, 'x')).size(), 300U);
}

TEST(Notation, DegreesAreShortAndExactEnough) {
  EXPECT_EQ(degrees_text(10.0 / 24 * 360 + 0.1), "150.1");
  EXPECT_EQ(degrees_text(-1e-12), "0");
  EXPECT_EQ(position_text({0.055, -10.005}), "0.055 -10.005");
}

TEST(Notation, SexagesimalFieldsNeverReachSixty) {
  EXPECT_EQ(sexagesimal_text({150.1, -2.2}), "10:00:24.00 -02:12:00.0");
  EXPECT_EQ(sexagesimal_text({359.9999999, -1e-9}), "00:00:00.00 +00:00:00.0");
  EXPECT_EQ(sexagesimal_text({15 * 0.99999999, 0.99999999}), "01:00:00.00 +01:00:00.0");
}

TEST(Notation, ASizeTakesTheUnitThatSuitsIt) {
  EXPECT_EQ(size_text(parse_extent("2arcmin").value()), "2arcmin");
  EXPECT_EQ(size_text(parse_extent("1arcmin").value()), "1arcmin");
  EXPECT_EQ(size_text(parse_extent("90arcsec").value()), "1.5arcmin");
  EXPECT_EQ(size_text(parse_extent("0.263arcsec").value()), "0.263arcsec");
  EXPECT_EQ(size_text(parse_extent("60arcmin").value()), "1deg");
  EXPECT_EQ(size_text(parse_extent("64px").value()), "64px");
  EXPECT_EQ(size_label(parse_extent("0.5arcsec").value()), "0.5″");
  EXPECT_EQ(size_label({0.262327 / 3600}), "0.2623″");
}

}  // namespace
}  // namespace recorte::page
