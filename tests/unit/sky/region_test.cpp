// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/stencil.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

namespace recorte::sky {
namespace {

bool holds(const Stencil& stencil, double ra, double dec) {
  return contains(stencil, to_vector({ra, dec}));
}

TEST(Region, CircleHoldsItsEdgeAndThePole) {
  const auto circle = *make_circle(20, 85, 5);
  EXPECT_TRUE(holds(circle, 0, 90));
  EXPECT_TRUE(holds(circle, 20, 80));
  EXPECT_TRUE(holds(circle, 30, 89.9));
  EXPECT_FALSE(holds(circle, 20, 79.9999));
  EXPECT_TRUE(holds(*make_circle(0, 0, 120), 100, 0));
}

TEST(Region, RangeCrossesRaZeroAndHoldsBothEdges) {
  const auto range = *make_range(359, 1, -1, 1);
  EXPECT_TRUE(holds(range, 0, 0));
  EXPECT_TRUE(holds(range, 359, 1));
  EXPECT_TRUE(holds(range, 1, -1));
  EXPECT_FALSE(holds(range, 2, 0));
  EXPECT_FALSE(holds(range, 180, 0));
  EXPECT_TRUE(holds(*make_range(350, 360, 0, 1), 0, 0.5));
  EXPECT_TRUE(holds(*make_range(0, 360, 80, 90), 123, 90));
}

TEST(Region, PolygonHoldsVerticesEdgesAndInside) {
  const auto polygon = *make_polygon({{10, 10}, {10, 20}, {20, 10}});
  EXPECT_TRUE(holds(polygon, 10, 10));
  EXPECT_TRUE(holds(polygon, 10, 15));
  EXPECT_TRUE(holds(polygon, 12, 12));
  EXPECT_FALSE(holds(polygon, 9.999, 15));
  EXPECT_FALSE(holds(polygon, 192, -12));
  const auto concave = *make_polygon({{0, 0}, {5, 2}, {10, 0}, {5, 10}});
  EXPECT_TRUE(holds(concave, 5, 5));
  EXPECT_FALSE(holds(concave, 5, 1));
}

TEST(Region, PolygonIsExactDownToMicroarcseconds) {
  const Vector centre = to_vector({350, -12});
  for (const double reach : {1e-3, 1e-6, 1e-9}) {  // degrees from the centre to the four corners
    std::vector<Position> corners;
    for (int i = 0; i < 4; ++i) corners.push_back(to_position(offset(centre, 45 - 90 * i, reach)));
    const auto square = *make_polygon(corners);
    for (int angle = 0; angle < 360; angle += 7) {
      EXPECT_TRUE(contains(square, offset(centre, angle, 0.7 * reach))) << reach << " " << angle;
      EXPECT_FALSE(contains(square, offset(centre, angle, 1.01 * reach))) << reach << " " << angle;
    }
  }
}

TEST(Region, LargePolygonIsItsLesserSide) {
  // An octant and a half: no cap of 90 degrees holds it.
  const auto belt =
      *make_polygon({{0, -20}, {0, 20}, {120, 20}, {240, 20}, {240, -20}, {120, -20}});
  EXPECT_TRUE(holds(belt, 60, 0));
  EXPECT_TRUE(holds(belt, 200, 0));
  EXPECT_FALSE(holds(belt, 300, 0));
  EXPECT_FALSE(holds(belt, 0, 90));
  EXPECT_FALSE(holds(belt, 0, -90));
}

TEST(Region, BoxHasNoneWithoutAnImage) {
  const auto box = *make_box({0, 0}, {1, Extent::Unit::kDegree}, {1, Extent::Unit::kDegree});
  EXPECT_THROW(static_cast<void>(contains(box, {1, 0, 0})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(edge(box)), std::invalid_argument);
}

TEST(Region, EdgeSeparatesInsideFromOutsideAndIsClosed) {
  for (const auto& stencil :
       {*make_circle(40, 50, 3), *make_circle(0, 0, 130), *make_range(350, 20, -10, 40),
        *make_polygon({{10, 10}, {10, 20}, {20, 10}}), *make_range(10, 50, 60, 90)}) {
    for (const auto& arc : edge(stencil))
      for (const double t : {0.0, 0.2, 0.5, 0.77, 1.0}) {
        const Vector v = arc(t);
        EXPECT_NEAR(dot(v, v), 1, 1e-14);
        int inside = 0;
        for (int i = 0; i < 36; ++i) inside += contains(stencil, offset(v, 10.0 * i + 3, 1e-6));
        EXPECT_GT(inside, 0) << stencil_numbers(stencil);
        EXPECT_LT(inside, 36) << stencil_numbers(stencil);
      }
  }
}

TEST(Region, EdgeLeavesOutWhatIsNone) {
  EXPECT_TRUE(edge(*make_circle(0, 0, 180)).empty());
  EXPECT_TRUE(edge(*make_range(0, 360, -90, 90)).empty());
  EXPECT_EQ(edge(*make_range(0, 360, -90, 10)).size(), 1U);
  EXPECT_EQ(edge(*make_range(10, 20, -90, 10)).size(), 3U);
  EXPECT_EQ(edge(*make_range(10, 20, -90, 90)).size(), 2U);
  EXPECT_EQ(edge(*make_range(0, 360, 90, 90)).size(), 1U);  // the pole itself
}

TEST(Region, BoundingCapHoldsEverythingInside) {
  std::mt19937 engine(7);
  std::uniform_real_distribution<double> unit(-1, 1);
  for (const auto& stencil :
       {*make_circle(40, 50, 3), *make_range(350, 20, -10, 40), *make_range(10, 300, 20, 80),
        *make_range(0, 180, -80, 30), *make_polygon({{10, 10}, {10, 60}, {80, 10}}),
        *make_range(5, 6, -90, 90)}) {
    const Cap cap = bounding_cap(stencil, 0);
    for (int i = 0; i < 20000; ++i) {
      const Vector v = normalised({unit(engine), unit(engine), unit(engine)});
      EXPECT_TRUE(!contains(stencil, v) || separation(cap.centre, v) <= cap.radius);
    }
  }
}

TEST(Region, BoundingCapOfABoxCountsPixels) {
  const auto box = *make_box({10, 10}, {60, Extent::Unit::kPixel}, {80, Extent::Unit::kPixel});
  const double radius = bounding_cap(box, 0.01).radius;
  EXPECT_GE(radius, 0.5);
  EXPECT_LT(radius, 0.52);
}

}  // namespace
}  // namespace recorte::sky
