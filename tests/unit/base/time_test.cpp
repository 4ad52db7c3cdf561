// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <random>

namespace recorte {
namespace {

using testing::HasSubstr;

constexpr Micros kSecond = 1'000'000;
constexpr Micros kDay = 86'400 * kSecond;

TEST(Time, IsPrintedAsIso8601) {
  EXPECT_EQ(iso_time(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(iso_time(1'795'356'766'123'456), "2026-11-22T14:12:46.123456Z");
  EXPECT_EQ(fits_date(1'795'356'766'999'999), "2026-11-22T14:12:46");
  EXPECT_EQ(iso_time(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(fits_date(951'782'400 * kSecond), "2000-02-29T00:00:00");
}

TEST(Time, MjdCountsFrom1858) {
  EXPECT_EQ(mjd(0), 40587);
  EXPECT_EQ(mjd(kDay / 4), 40587.25);
}

TEST(MjdFromIso, IsTheReverseOfPrinting) {
  std::mt19937_64 random(4);
  std::uniform_int_distribution<Micros> when(-20'000 * kDay, 60'000 * kDay);
  for (int i = 0; i < 2000; ++i) {
    const auto time = when(random);
    const double tick = 2e-11;  // of a double at MJD 60000, in days
    EXPECT_NEAR(mjd_from_iso(iso_time(time)).value(), mjd(time), tick) << iso_time(time);
    EXPECT_NEAR(mjd_from_iso(fits_date(time)).value(), mjd(time), 1.0 / 86400 + tick);
  }
}

TEST(MjdFromIso, TakesDatesAndTimes) {
  EXPECT_EQ(mjd_from_iso("2014-02-03"), 56691);
  EXPECT_EQ(mjd_from_iso(" 2014-02-03Z "), 56691);
  EXPECT_EQ(mjd_from_iso("2014-02-03T12:00"), 56691.5);
  EXPECT_EQ(mjd_from_iso("2014-02-03 12:00:00"), 56691.5);
  EXPECT_EQ(mjd_from_iso("2014-02-03T18:00:00.000Z"), 56691.75);
  EXPECT_NEAR(mjd_from_iso("2016-12-31T23:59:60").value(), 57754, 1e-9);  // a leap second
}

TEST(MjdFromIso, RefusesWhatIsNoTime) {
  for (const auto* text : {"",
                           "x",
                           "2014",
                           "2014-02",
                           "2014-02-30",
                           "2014-13-01",
                           "2014-00-01",
                           "2014-257-03",
                           "2014-02-259",
                           "2014--2-03",
                           "03/02/14",
                           "2014-02-03T",
                           "2014-02-03T25:00:00",
                           "2014-02-03T12:60:00",
                           "2014-02-03T12:00:61",
                           "2014-02-03T12:00:00junk",
                           "2014-02-03T12:00:00+05:00",
                           "2014-02-03x12:00:00",
                           "2014-02-03T12",
                           "2014-02-03T12:00:nan",
                           "2014-02-03T12:00:0x1",
                           "2014-02-03T-1:00:00",
                           "99999999999-01-01",
                           "2014-02-03T12:00:"}) {
    const auto time = mjd_from_iso(text);
    ASSERT_FALSE(time) << text;
    EXPECT_THAT(time.error().message, HasSubstr("'" + std::string(text) + "'"));
  }
}

TEST(ParseDuration, AddsItsParts) {
  EXPECT_EQ(parse_duration("540d"), 540 * kDay);
  EXPECT_EQ(parse_duration("4h30m20s"), (4 * 3600 + 30 * 60 + 20) * kSecond);
  EXPECT_EQ(parse_duration(" 90s "), 90 * kSecond);
  EXPECT_EQ(parse_duration("1.5d"), kDay + kDay / 2);
  EXPECT_EQ(parse_duration("1d1s"), kDay + kSecond);
  EXPECT_EQ(parse_duration("0.000001s"), 1);
  EXPECT_EQ(parse_duration("0s"), 0);
}

TEST(ParseDuration, RefusesTheRest) {
  for (const auto* text : {"", " ", "5", "d", "1x", "1h1d", "1h1h", "-1d", "nand", "infd", "1d2",
                           "1d-1s", "1e300d", "200000000d"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_THAT(duration.error().message, HasSubstr("540d"));
  }
}

TEST(Clocks, MoveForward) {
  const auto a = monotonic_ms();
  const auto b = now_micros();
  EXPECT_GE(monotonic_ms(), a);
  EXPECT_GT(b, 1'700'000'000 * kSecond);
}

TEST(Moment, IsAnAgeOrADate) {
  EXPECT_EQ(parse_moment("2m", 300'000'000).value(), 180'000'000);
  EXPECT_EQ(parse_moment("1970-01-02T00:00:01", 5).value(), 86'401'000'000);
  const auto wrong = parse_moment("soon", 5);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace recorte
