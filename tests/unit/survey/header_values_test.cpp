// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/header_values.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recorte::survey {
namespace {

TEST(HeaderValues, TimesInEverySpelling) {
  EXPECT_NEAR(*mjd_of("57828.25"), 57828.25, 1e-9);
  EXPECT_NEAR(*mjd_of("2457828.75"), 57828.25, 1e-9);
  EXPECT_NEAR(*mjd_of("2017-03-16T06:00:00"), 57828.25, 1e-9);
  EXPECT_NEAR(*mjd_of("2017-03-16"), 57828, 1e-9);
  EXPECT_NEAR(*mjd_of("26/10/92"), *mjd_of("1992-10-26"), 1e-9);
  EXPECT_NEAR(*mjd_of("19930417"), *mjd_of("1993-04-17"), 1e-9);
  for (const auto text : {"", "soon", "0", "-1", "99/99/99", "20179999"})
    EXPECT_FALSE(mjd_of(text)) << text;
}

TEST(HeaderValues, CommonKeywordsImageBeforePrimary) {
  fits::Header image, primary;
  primary.set_text("FILTER", "r.MP9601");
  primary.set_number("EXPTIME", 30);
  primary.set_number("MJD-OBS", 57000);
  image.set_text("EXPTIME", "86400.0");
  image.set_text("BUNIT", "adu");
  image.set_number("MAGZP", 25.5);
  const auto values = header_values(image, primary, {});
  EXPECT_EQ(values.band, "r.MP9601");
  EXPECT_EQ(values.unit, "adu");
  EXPECT_EQ(values.exptime, 86400);
  EXPECT_EQ(values.t_min, 57000);
  EXPECT_EQ(values.t_max, 57001);
  EXPECT_EQ(values.zeropoint, 25.5);
}

TEST(HeaderValues, TheFluxOfMagnitudeZeroIsAZeroPoint) {
  fits::Header image, primary;
  primary.set_number("FLUXMAG0", 63095734448.0194);
  EXPECT_NEAR(header_values(image, primary, {}).zeropoint, 27, 1e-9);
  HeaderRules rules;
  rules.zeropoint = "FLUXMAG0";
  EXPECT_NEAR(header_values(image, primary, rules).zeropoint, 27, 1e-9);
  primary.set_number("FLUXMAG0", 0);  // not known
  EXPECT_TRUE(std::isnan(header_values(image, primary, {}).zeropoint));
}

TEST(HeaderValues, UselessFiltersAreSteppedOver) {
  fits::Header image, primary;
  image.set_text("FILTER", "_unknown_");
  primary.set_integer("FILTER1", 69);
  EXPECT_EQ(header_values(image, primary, {}).band, "_unknown_");
  primary.set_text("BAND", "z");
  EXPECT_EQ(header_values(image, primary, {}).band, "z");
}

TEST(HeaderValues, WavelengthsAndWise) {
  fits::Header image, primary;
  primary.set_number("WAVELNTH", 500);
  EXPECT_EQ(header_values(image, primary, {}).band, "500um");
  primary.set_integer("BAND", 2);
  primary.set_text("TELESCOP", "WISE");
  EXPECT_EQ(header_values(image, primary, {}).band, "W2");
}

TEST(HeaderValues, RulesWinAndDoNotFallBack) {
  fits::Header image, primary;
  image.set_number("MJD-OBS", 57000);
  image.set_text("START", "2017-03-16T06:00:00");
  image.set_text("STOP", "2017-03-16T12:00:00");
  image.set_text("SOFT", "v2");
  HeaderRules rules;
  rules.t_min = "START";
  rules.t_max = "STOP";
  rules.version = "SOFT";
  rules.exptime = "NOTHERE";
  image.set_number("EXPTIME", 1);
  const auto values = header_values(image, primary, rules);
  EXPECT_NEAR(values.t_min, 57828.25, 1e-9);
  EXPECT_NEAR(values.t_max, 57828.5, 1e-9);
  EXPECT_EQ(values.version, "v2");
  EXPECT_TRUE(std::isnan(values.exptime));
}

TEST(HeaderValues, ADateWithItsClockBeside) {
  fits::Header image, primary;
  image.set_text("DATE-OBS", "2017-03-16");
  image.set_text("TIME-OBS", "06:00:00.0");
  EXPECT_NEAR(header_values(image, primary, {}).t_min, 57828.25, 1e-9);
}

}  // namespace
}  // namespace recorte::survey
