// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/throttle.hpp"

#include <gmock/gmock.h>

namespace recorte::notify {
namespace {

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond;
constexpr Micros kStart = 1'000 * kMinute;

TEST(Throttle, SaysTheSameTextOnceInTenMinutes) {
  Throttle throttle;
  EXPECT_TRUE(throttle.admit("a", kStart));
  EXPECT_FALSE(throttle.admit("a", kStart + 1));
  EXPECT_TRUE(throttle.admit("b", kStart + 2));
  EXPECT_FALSE(throttle.admit("a", kStart + 10 * kMinute - 1));
  EXPECT_TRUE(throttle.admit("a", kStart + 10 * kMinute));
  EXPECT_EQ(throttle.take_held_back(), 2);
  EXPECT_EQ(throttle.take_held_back(), 0);
}

TEST(Throttle, SaysABoundedNumberInAnHour) {
  Throttle throttle;
  int said = 0;
  for (int i = 0; i < 1'000; ++i)
    said += throttle.admit(std::to_string(i), kStart + i * kSecond) ? 1 : 0;
  EXPECT_EQ(said, 20);
  EXPECT_EQ(throttle.take_held_back(), 980);
  EXPECT_FALSE(throttle.admit("new", kStart + 60 * kMinute - 1));
  EXPECT_TRUE(throttle.admit("new", kStart + 60 * kMinute));
}

TEST(Throttle, TellsWhenThoseHeldBackAreDue) {
  Throttle throttle;
  EXPECT_FALSE(throttle.due());
  throttle.admit("a", kStart);
  EXPECT_FALSE(throttle.due());
  throttle.admit("a", kStart + kMinute);
  throttle.admit("a", kStart + 2 * kMinute);
  EXPECT_EQ(throttle.due(), kStart + 11 * kMinute);
  EXPECT_EQ(throttle.take_held_back(), 2);
  EXPECT_FALSE(throttle.due());
  throttle.admit("a", kStart + 5 * kMinute);
  EXPECT_EQ(throttle.due(), kStart + 15 * kMinute);
}

}  // namespace
}  // namespace recorte::notify
