// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/limits.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace recorte::quota {
namespace {

using Groups = std::vector<std::string>;

TEST(LimitsOf, EveryoneCountsWhereNothingElseIsSaid) {
  Quotas quotas;
  EXPECT_EQ(limits_of(quotas, "ann", Groups{"des"}), Limits());
  quotas.everyone = {.cutouts_per_day = 10, .bytes = 1 << 20};
  quotas.users["bob"] = {.jobs = 3};
  EXPECT_EQ(limits_of(quotas, "ann", {}), quotas.everyone);
  EXPECT_EQ(limits_of(quotas, "bob", {}),
            (Limits{.cutouts_per_day = 10, .jobs = 3, .bytes = 1 << 20}));
}

TEST(LimitsOf, TheMostGenerousOfGroupsAndTheStrictestOfThatAndTheUser) {
  Quotas quotas;
  quotas.everyone = {.cutouts_per_day = 1'000'000};
  quotas.groups["small"] = {.cutouts_per_day = 100, .jobs = 2};
  quotas.groups["large"] = {.cutouts_per_day = 500};
  quotas.users["ann"] = {.cutouts_per_day = 300};
  quotas.users["bob"] = {.cutouts_per_day = 900};
  const Groups both{"small", "none", "large"};
  EXPECT_EQ(limits_of(quotas, "eve", Groups{"small"}).cutouts_per_day, 100);
  EXPECT_EQ(limits_of(quotas, "eve", both), (Limits{.cutouts_per_day = 500, .jobs = 2}));
  EXPECT_EQ(limits_of(quotas, "ann", both).cutouts_per_day, 300);
  EXPECT_EQ(limits_of(quotas, "bob", both).cutouts_per_day, 500);
  EXPECT_EQ(limits_of(quotas, "bob", {}).cutouts_per_day, 900);
  EXPECT_EQ(limits_of(quotas, "eve", Groups{"none"}).cutouts_per_day, 1'000'000);
}

TEST(LimitsOf, UnlimitedIsMoreThanAnyNumberAndNoneAtTheEnd) {
  Quotas quotas;
  quotas.everyone = {.cutouts_per_day = 10, .jobs = 1};
  quotas.groups["staff"] = {.cutouts_per_day = kUnlimited};
  quotas.groups["des"] = {.cutouts_per_day = 100};
  EXPECT_EQ(limits_of(quotas, "ann", Groups{"des", "staff"}), (Limits{.jobs = 1}));
  quotas.users["ann"] = {.cutouts_per_day = 50};
  EXPECT_EQ(limits_of(quotas, "ann", Groups{"staff"}).cutouts_per_day, 50);
}

TEST(LimitsOf, WhoIsNotSignedInIsInNoGroup) {
  Quotas quotas;
  quotas.everyone = {.cutouts_per_day = 10, .jobs = 1};
  quotas.anonymous = {.cutouts_per_day = 50};
  quotas.groups["staff"] = {.cutouts_per_day = kUnlimited};
  quotas.users["anonymous"] = {.cutouts_per_day = 7};
  EXPECT_EQ(limits_of(quotas, "anonymous", Groups{"staff"}),
            (Limits{.cutouts_per_day = 50, .jobs = 1}));
}

}  // namespace
}  // namespace recorte::quota
