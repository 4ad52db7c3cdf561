// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/calendar.hpp"

#include <gtest/gtest.h>

namespace recorte {
namespace {

std::int64_t day(const std::string& date) {
  return static_cast<std::int64_t>(*mjd_from_iso(date)) - 40587;  // of 1970-01-01
}

TEST(Calendar, ADayBeginsAtMidnightInUtc) {
  EXPECT_EQ(day_of(0), 0);
  EXPECT_EQ(day_of(86'399'999'999), 0);
  EXPECT_EQ(day_of(86'400'000'000), 1);
  EXPECT_EQ(day_of(-1), -1);
  EXPECT_EQ(day_of(-86'400'000'000), -1);
  EXPECT_EQ(day_begin(day("2026-11-28")), day("2026-11-28") * 86'400'000'000);
  EXPECT_EQ(day_of(day_begin(20'000)), 20'000);
  EXPECT_EQ(day_of(day_begin(20'000) - 1), 19'999);
}

TEST(Calendar, AMonthIsAsLongAsItIs) {
  EXPECT_EQ(month_begin(day("2024-02-29")), day("2024-02-01"));
  EXPECT_EQ(next_month_begin(day("2024-02-29")), day("2024-03-01"));
  EXPECT_EQ(month_begin(day("2026-12-01")), day("2026-12-01"));
  EXPECT_EQ(next_month_begin(day("2026-12-01")), day("2027-01-01"));
  EXPECT_EQ(next_month_begin(day("2026-12-31")), day("2027-01-01"));
  EXPECT_EQ(month_begin(0), 0);
}

}  // namespace
}  // namespace recorte
