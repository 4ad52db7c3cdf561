// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/retry.hpp"

#include <gtest/gtest.h>

namespace recorte::schedule {
namespace {

constexpr Micros kSecond = 1'000'000;

Error error(ErrorCode code) { return {code, "so it is"}; }

TEST(Retry, WhatPassesIsTriedAfterPausesThatGrow) {
  const RetryPolicy policy{5, kSecond, 6 * kSecond, 2};
  for (const auto code : {ErrorCode::kUnavailable, ErrorCode::kTimeout}) {
    EXPECT_EQ(retry_after(policy, error(code), 1), kSecond);
    EXPECT_EQ(retry_after(policy, error(code), 2), 2 * kSecond);
    EXPECT_EQ(retry_after(policy, error(code), 3), 4 * kSecond);
    EXPECT_EQ(retry_after(policy, error(code), 4), 6 * kSecond);  // and no longer
    EXPECT_EQ(retry_after(policy, error(code), 5), 6 * kSecond);
    EXPECT_FALSE(retry_after(policy, error(code), 6));
  }
}

TEST(Retry, WhatDoesNotPassIsNotTriedAgain) {
  for (const auto code : {ErrorCode::kUsage, ErrorCode::kData, ErrorCode::kPlugin,
                          ErrorCode::kTooLarge, ErrorCode::kInternal, ErrorCode::kCancelled})
    EXPECT_FALSE(retry_after({}, error(code), 1)) << error_row(code).name;
}

TEST(Retry, APauseOfManyFailuresIsStillTheLongest) {
  const RetryPolicy policy{1'000, kSecond, 60 * kSecond, 2};
  EXPECT_EQ(retry_after(policy, error(ErrorCode::kUnavailable), 1'000), 60 * kSecond);
}

TEST(Retry, TheItemIsBlamedForItsWorkerAndNotForThePlace) {
  for (const auto code :
       {ErrorCode::kPlugin, ErrorCode::kInternal, ErrorCode::kTimeout, ErrorCode::kTooLarge})
    EXPECT_TRUE(blames_item(error(code))) << error_row(code).name;
  for (const auto code : {ErrorCode::kUnavailable, ErrorCode::kCancelled})
    EXPECT_FALSE(blames_item(error(code))) << error_row(code).name;
}

}  // namespace
}  // namespace recorte::schedule
