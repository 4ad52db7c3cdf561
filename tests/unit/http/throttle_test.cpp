// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/throttle.hpp"

#include <gtest/gtest.h>

namespace recorte::http {
namespace {

Limits few() {
  Limits limits;
  limits.connections_per_address = 2;
  limits.requests_per_second = 2;
  limits.burst = 3;
  return limits;
}

TEST(Throttle, AnAddressHasSoManyConnections) {
  Throttle throttle(few());
  EXPECT_TRUE(throttle.connect("192.0.2.1"));
  EXPECT_TRUE(throttle.connect("192.0.2.1"));
  EXPECT_FALSE(throttle.connect("192.0.2.1"));
  EXPECT_TRUE(throttle.connect("192.0.2.2"));
  throttle.disconnect("192.0.2.1");
  EXPECT_TRUE(throttle.connect("192.0.2.1"));
  EXPECT_FALSE(throttle.connect("192.0.2.1"));
}

TEST(Throttle, ABurstMayComeAtOnceThenTheRate) {
  Throttle throttle(few());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.wait_for("192.0.2.1", 1'000), 0);
  EXPECT_EQ(throttle.wait_for("192.0.2.1", 1'000), 1);
  EXPECT_EQ(throttle.wait_for("192.0.2.2", 1'000), 0);
  EXPECT_EQ(throttle.wait_for("192.0.2.1", 1'500), 0);
  EXPECT_GT(throttle.wait_for("192.0.2.1", 1'500), 0);
  // No more is saved up than a burst.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.wait_for("192.0.2.1", 900'000), 0);
  EXPECT_GT(throttle.wait_for("192.0.2.1", 900'000), 0);
}

TEST(Throttle, TheWaitIsAsLongAsItTakes) {
  auto limits = few();
  limits.requests_per_second = 0.1;
  limits.burst = 1;
  Throttle throttle(limits);
  EXPECT_EQ(throttle.wait_for("192.0.2.1", 0), 0);
  EXPECT_EQ(throttle.wait_for("192.0.2.1", 0), 10);
  EXPECT_GT(throttle.wait_for("192.0.2.1", 9'900), 0);
  EXPECT_EQ(throttle.wait_for("192.0.2.1", 10'000), 0);
}

TEST(Throttle, NoRateIsAnyRate) {
  auto limits = few();
  limits.requests_per_second = 0;
  Throttle throttle(limits);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(throttle.wait_for("192.0.2.1", 0), 0);
  EXPECT_EQ(throttle.size(), 0U);
}

TEST(Throttle, AnIPv6ClientIsItsNetwork) {
  Throttle throttle(few());
  EXPECT_TRUE(throttle.connect("2001:db8:1:2::1"));
  EXPECT_TRUE(throttle.connect("2001:db8:1:2:ffff::2"));
  EXPECT_FALSE(throttle.connect("2001:db8:1:2:3:4:5:6"));
  EXPECT_TRUE(throttle.connect("2001:db8:1:3::1"));
}

TEST(Throttle, WhoHasGoneAndMayTakeAllIsForgotten) {
  Throttle throttle(few());
  throttle.connect("192.0.2.1");
  throttle.disconnect("192.0.2.1");
  EXPECT_EQ(throttle.size(), 0U);
  throttle.connect("192.0.2.2");
  throttle.wait_for("192.0.2.2", 0);
  throttle.sweep(10'000);
  EXPECT_EQ(throttle.size(), 1U) << "it is connected";
  throttle.disconnect("192.0.2.2");
  throttle.wait_for("192.0.2.2", 10'000);
  throttle.sweep(10'100);
  EXPECT_EQ(throttle.size(), 1U) << "its bucket is not full";
  throttle.sweep(10'600);
  EXPECT_EQ(throttle.size(), 0U);
  throttle.disconnect("192.0.2.2");
  EXPECT_EQ(throttle.size(), 0U);
}

}  // namespace
}  // namespace recorte::http
