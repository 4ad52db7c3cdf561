// SPDX-License-Identifier: BSD-3-Clause
#include "auth/chain/tries.hpp"

#include <gmock/gmock.h>

namespace recorte::auth {
namespace {

constexpr Micros kSecond = 1'000'000, kNow = 1'000'000 * kSecond;

Tries::Options options() {
  return {.of_user = 3, .of_address = 5, .again = 10 * kSecond, .most = 4};
}

TEST(Tries, AreBoundedAndComeBack) {
  Tries tries(options());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow), 0) << i;
    tries.failed("192.0.2.1", "ann", kNow);
  }
  EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow), 10);
  EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow + kSecond / 2), 10) << "rounded up";
  EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow + 9 * kSecond), 1);
  EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow + 10 * kSecond), 0);
}

TEST(Tries, OfAUserCountFromEveryAddress) {
  Tries tries(options());
  for (const auto* address : {"192.0.2.1", "192.0.2.2", "2001:db8::1"})
    tries.failed(address, "ann", kNow);
  EXPECT_GT(tries.wait_for("192.0.2.77", "Ann", kNow), 0) << "in whatever case";
  EXPECT_EQ(tries.wait_for("192.0.2.77", "bob", kNow), 0);
}

TEST(Tries, OfAnAddressCountForEveryUser) {
  Tries tries({.of_user = 3, .of_address = 5, .again = 10 * kSecond});
  for (const auto* user : {"a", "b", "c", "d", "e"}) tries.failed("192.0.2.1", user, kNow);
  EXPECT_GT(tries.wait_for("192.0.2.1", "f", kNow), 0);
  EXPECT_EQ(tries.wait_for("192.0.2.2", "f", kNow), 0);
}

TEST(Tries, AnIpv6ClientIsItsNetwork) {
  Tries tries(options());
  for (int i = 1; i <= 5; ++i) tries.failed("2001:db8:1:2::" + std::to_string(i), "", kNow);
  EXPECT_GT(tries.wait_for("2001:db8:1:2:ffff::9", "", kNow), 0);
  EXPECT_EQ(tries.wait_for("2001:db8:1:3::1", "", kNow), 0);
  for (int i = 0; i < 5; ++i) tries.failed("::ffff:192.0.2.9", "", kNow);
  EXPECT_GT(tries.wait_for("192.0.2.9", "", kNow), 0);
}

TEST(Tries, OneThatIsRightGivesCreditBack) {
  Tries tries(options());
  for (int i = 0; i < 5; ++i) tries.failed("192.0.2.1", "ann", kNow);
  tries.succeeded("192.0.2.1", "ann", kNow);
  EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow), 0);
  tries.failed("192.0.2.1", "bob", kNow);
  EXPECT_EQ(tries.wait_for("192.0.2.2", "ann", kNow), 0) << "the user has all back";
  EXPECT_GT(tries.wait_for("192.0.2.1", "ann", kNow), 0) << "the address one";
}

TEST(Tries, FewAreRememberedAndThoseThatFailedLast) {
  Tries tries(options());
  for (int i = 0; i < 5; ++i) tries.failed("192.0.2.1", "", kNow);
  for (int i = 0; i < 3; ++i) tries.failed("198.51.100." + std::to_string(i), "", kNow);
  EXPECT_EQ(tries.size(), 4);
  EXPECT_GT(tries.wait_for("192.0.2.1", "", kNow), 0);
  tries.failed("192.0.2.1", "", kNow);
  tries.failed("198.51.100.9", "", kNow);
  EXPECT_EQ(tries.size(), 4);
  EXPECT_GT(tries.wait_for("192.0.2.1", "", kNow), 0) << "another went, that failed before it";
  tries.failed("203.0.113.1", "", kNow + 3600 * kSecond);
  EXPECT_EQ(tries.size(), 1) << "those that have all tries again need no memory";
}

TEST(Tries, NoBoundIsNoBound) {
  Tries tries({.of_user = 0, .of_address = 0});
  for (int i = 0; i < 1'000; ++i) tries.failed("192.0.2.1", "ann", kNow);
  EXPECT_EQ(tries.wait_for("192.0.2.1", "ann", kNow), 0);
  EXPECT_EQ(tries.size(), 0);
}

}  // namespace
}  // namespace recorte::auth
