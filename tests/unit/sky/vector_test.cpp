// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/vector.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recorte::sky {
namespace {

TEST(Vector, GoesThereAndBack) {
  for (const double ra : {0.0, 1e-9, 90.0, 179.999, 271.5, 359.999999})
    for (const double dec : {-89.9, -45.0, 0.0, 12.345, 89.0}) {
      const Position back = to_position(to_vector({ra, dec}));
      EXPECT_NEAR(back.ra, ra, 1e-11);
      EXPECT_NEAR(back.dec, dec, 1e-12);
    }
  const Position just_below = to_position({1, -1e-300, 0});
  EXPECT_GE(just_below.ra, 0);
  EXPECT_LT(just_below.ra, 360);
}

TEST(Vector, SeparationIsExactAtTheEnds) {
  const Vector a = to_vector({10, 20});
  EXPECT_EQ(separation(a, a), 0);
  EXPECT_EQ(separation(a, {-a[0], -a[1], -a[2]}), 180);
  EXPECT_NEAR(separation(a, to_vector({10, 20 + 1e-9})), 1e-9, 1e-14);
  EXPECT_NEAR(separation({0, 0, 1}, to_vector({123, 0})), 90, 1e-13);
}

TEST(Vector, OffsetGoesNorthEastAndOverThePole) {
  const Vector from = to_vector({30, 40});
  EXPECT_NEAR(to_position(offset(from, 0, 5)).dec, 45, 1e-12);
  EXPECT_NEAR(to_position(offset(from, 0, 60)).ra, 210, 1e-11);
  EXPECT_GT(to_position(offset(from, 90, 1)).ra, 31);
  for (const double angle : {0.0, 77.0, 200.0, 359.0})
    EXPECT_NEAR(separation(offset(from, angle, 33), from), 33, 1e-12);
}

TEST(Cap, MeetsWhereTheyTouchAndNeverWhenEmpty) {
  const Cap a{to_vector({0, 0}), 10};
  EXPECT_TRUE(meets(a, {to_vector({15, 0}), 5}));
  EXPECT_FALSE(meets(a, {to_vector({15.001, 0}), 5}));
  EXPECT_FALSE(meets(a, {to_vector({0, 0}), -1}));
  EXPECT_TRUE(meets({to_vector({180, 0}), 180}, {to_vector({0, 0}), 0}));
}

}  // namespace
}  // namespace recorte::sky
