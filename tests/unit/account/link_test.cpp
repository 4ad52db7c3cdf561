// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/link.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace recorte::account {
namespace {

const Keys kKeys = Keys::of(std::string(32, 'k')).value();
const Link kLink{"5d1c0cbe6f3dd05b9e17ac4282a7a9f1", "results/1", 1'800'000'000, 2};

TEST(Link, IsGoodForWhatItSaysAlone) {
  const auto key = kKeys.key("link");
  const auto signature = sign(key, kLink);
  EXPECT_EQ(signature.size(), 64U);
  EXPECT_TRUE(is_signed(key, kLink, signature));
  Link other = kLink;
  other.job.back() = '2';
  EXPECT_FALSE(is_signed(key, other, signature)) << "another job";
  other = kLink;
  other.what = "results/12";
  EXPECT_FALSE(is_signed(key, other, signature)) << "another product";
  other.what = std::string(kWholeJob);
  EXPECT_FALSE(is_signed(key, other, signature));
  other = kLink;
  other.expires += 1;
  EXPECT_FALSE(is_signed(key, other, signature)) << "longer";
  other = kLink;
  other.version += 1;
  EXPECT_FALSE(is_signed(key, other, signature)) << "after the links were ended";
}

TEST(Link, WhatIsSignedForSomethingElseIsWorthNothing) {
  const auto key = kKeys.key("link");
  EXPECT_FALSE(is_signed(key, kLink, sign(kKeys.key("token"), kLink)));
  EXPECT_FALSE(is_signed(key, kLink, ""));
  auto signature = sign(key, kLink);
  for (auto& digit : signature) {
    const auto was = std::exchange(digit, digit == '0' ? '1' : '0');
    EXPECT_FALSE(is_signed(key, kLink, signature));
    digit = was;
  }
  EXPECT_FALSE(is_signed(key, kLink, signature.substr(1)));
}

TEST(Link, NoPartRunsIntoTheNext) {
  const auto key = kKeys.key("link");
  EXPECT_NE(sign(key, {"ab", "c", 1, 1}), sign(key, {"a", "bc", 1, 1}));
}

}  // namespace
}  // namespace recorte::account
