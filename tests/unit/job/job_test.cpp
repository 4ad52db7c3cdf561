// SPDX-License-Identifier: BSD-3-Clause
#include "core/job/job.hpp"

#include <gtest/gtest.h>

namespace recorte::job {
namespace {

TEST(Tally, AddsUpAndTakesBack) {
  const Tally one{1, 2, 3, 4, 500, 6'000}, other{10, 20, 30, 40, 5, 60};
  auto sum = one;
  sum += other;
  EXPECT_EQ(sum, (Tally{11, 22, 33, 44, 505, 6'060}));
  EXPECT_EQ(sum.products(), 110);
  sum -= other;
  EXPECT_EQ(sum, one);
}

}  // namespace
}  // namespace recorte::job
