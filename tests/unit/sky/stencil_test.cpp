// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/stencil.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace recorte::sky {
namespace {

using testing::HasSubstr;

template <class T>
void expect_refused(const Result<T>& result, const std::string& part) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUsage);
  EXPECT_THAT(result.error().message, HasSubstr(part));
}

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Extent kMinute{1.0 / 60, Extent::Unit::kDegree};

TEST(Stencil, RefusesLongitudeBelowZero) { expect_refused(make_circle(-0.1, 0, 1), "-0.1"); }
TEST(Stencil, RefusesLongitudeAbove360) { expect_refused(make_circle(360.5, 0, 1), "360.5"); }
TEST(Stencil, RefusesLatitudeBelowMinus90) { expect_refused(make_circle(0, -91, 1), "-91"); }
TEST(Stencil, RefusesLatitudeAbove90) {
  expect_refused(make_polygon({{0, 0}, {1, 0}, {1, 90.01}}), "90.01");
}
TEST(Stencil, RefusesRadiusZero) { expect_refused(make_circle(0, 0, 0), "radius 0 "); }
TEST(Stencil, RefusesRadiusBelowZero) { expect_refused(make_circle(0, 0, -2), "-2"); }
TEST(Stencil, RefusesRadiusAbove180) { expect_refused(make_circle(0, 0, 180.1), "180.1"); }
TEST(Stencil, RefusesNaNAnywhere) {
  expect_refused(make_circle(kNaN, 0, 1), "nan");
  expect_refused(make_circle(0, kNaN, 1), "nan");
  expect_refused(make_circle(0, 0, kNaN), "nan");
  expect_refused(make_box({0, kNaN}, kMinute, kMinute), "nan");
  expect_refused(make_polygon({{0, 0}, {1, kNaN}, {1, 1}}), "nan");
  expect_refused(make_range(kNaN, 1, 0, 1), "nan");
}
TEST(Stencil, RefusesInfiniteCircle) { expect_refused(make_circle(0, 0, INFINITY), "inf"); }
TEST(Stencil, RefusesInfiniteVertex) {
  expect_refused(make_polygon({{0, 0}, {INFINITY, 0}, {1, 1}}), "inf");
}
TEST(Stencil, RefusesTwoVertices) {
  expect_refused(make_polygon({{0, 0}, {1, 0}}), "at least three");
}
TEST(Stencil, RefusesThreeVerticesOfWhichTheLastCloses) {
  expect_refused(make_polygon({{0, 0}, {1, 0}, {0, 0}}), "2 different vertices");
}
TEST(Stencil, RefusesEqualNeighbours) {
  expect_refused(make_polygon({{0, 0}, {1, 0}, {1, 0}, {1, 1}}), "1 0 are equal");
}
TEST(Stencil, RefusesEqualNeighboursAcrossRaZero) {
  expect_refused(make_polygon({{1, 1}, {0, 0}, {360, 0}, {1, 0}}), "are equal");
}
TEST(Stencil, RefusesAntipodalNeighbours) {
  expect_refused(make_polygon({{0, 0}, {180, 0}, {90, 10}}), "antipodal");
  expect_refused(make_polygon({{10, 20}, {90, 10}, {190, -20}}), "antipodal");
}
TEST(Stencil, RefusesARangeUpsideDown) {
  expect_refused(make_range(0, 1, 5, 4), "lower declination 5");
}
TEST(Stencil, RefusesARangeOffTheSky) {
  expect_refused(make_range(-1, 1, 0, 1), "-1");
  expect_refused(make_range(0, 1, 0, 91), "91");
}
TEST(Stencil, RefusesABoxWithoutSize) {
  expect_refused(make_box({0, 0}, {0, Extent::Unit::kPixel}, kMinute), "0px");
  expect_refused(make_box({0, 0}, kMinute, {-1, Extent::Unit::kDegree}), "-1deg");
  expect_refused(make_box({0, 0}, kMinute, {INFINITY, Extent::Unit::kPixel}), "inf");
}
TEST(Stencil, RefusesTextThatIsNoNumber) { expect_refused(parse_circle("150 x 1"), "'x'"); }
TEST(Stencil, RefusesTheWrongCountOfNumbers) {
  expect_refused(parse_circle("150 2"), "2 numbers; write RA DEC RADIUS");
  expect_refused(parse_range("1 2 3"), "RA_MIN RA_MAX DEC_MIN DEC_MAX");
  expect_refused(parse_polygon(""), "at least three");
}
TEST(Stencil, RefusesAnOddCountOfVertexNumbers) {
  expect_refused(parse_polygon("0 0 1 0 1 1 2"), "7 numbers");
}

TEST(Stencil, TakesTheEdgesOfWhatIsAllowed) {
  EXPECT_TRUE(make_circle(0, -90, 180));
  EXPECT_TRUE(make_circle(360, 90, 1e-9));
  EXPECT_TRUE(make_range(0, 360, -90, 90));
  EXPECT_TRUE(make_range(5, 5, 1, 1));
}

TEST(Stencil, ClipsInfiniteRangeLimits) {
  EXPECT_EQ(*parse_range("-Inf +Inf -Inf 10"), Stencil(Range{0, 360, -90, 10}));
  EXPECT_EQ(*parse_range("5 inf -3 inf"), Stencil(Range{5, 360, -3, 90}));
}

TEST(Stencil, DropsARepeatedClosingVertex) {
  const auto polygon = make_polygon({{0, 0}, {0, 1}, {1, 0}, {0, 0}});
  EXPECT_EQ(std::get<Polygon>(*polygon).vertices.size(), 3U);
}

TEST(Stencil, KeepsCounterClockwiseAndTurnsClockwise) {
  // Seen from inside, north up, east is left: north, then east, is counter-clockwise.
  const std::vector<Position> good{{10, 10}, {10, 11}, {11, 10}};
  const auto kept = std::get<Polygon>(*make_polygon(good));
  EXPECT_FALSE(kept.reversed);
  EXPECT_EQ(kept.vertices, good);
  const auto turned = std::get<Polygon>(*make_polygon({good[2], good[1], good[0]}));
  EXPECT_TRUE(turned.reversed);
  EXPECT_EQ(turned.vertices, good);
}

TEST(Stencil, OrientsConcavePolygonsAndPolarOnes) {
  const std::vector<Position> arrow{{10, 10}, {10.4, 10.3}, {11, 10}, {10.4, 11}};
  const bool reversed = std::get<Polygon>(*make_polygon(arrow)).reversed;
  EXPECT_NE(reversed, std::get<Polygon>(*make_polygon({arrow.rbegin(), arrow.rend()})).reversed);
  const auto polar = *make_polygon({{0, 80}, {90, 80}, {180, 80}, {270, 80}});
  EXPECT_TRUE(contains(polar, {0, 0, 1}));
  EXPECT_FALSE(contains(polar, {0, 0, -1}));
}

TEST(Stencil, NumbersReadBackExactly) {
  const double third = 1.0 / 3;
  const auto circle = *make_circle(150.1 + third, -2.2 / 7, third / 60);
  EXPECT_EQ(*parse_circle(stencil_numbers(circle)), circle);
  const auto range = *make_range(359 + third, third, -third, third);
  EXPECT_EQ(*parse_range(stencil_numbers(range)), range);
  const auto polygon = *make_polygon({{third, 0}, {0.1, 1}, {1.7, third}});
  EXPECT_EQ(std::get<Polygon>(*parse_polygon(stencil_numbers(polygon))).vertices,
            std::get<Polygon>(polygon).vertices);
  EXPECT_EQ(stencil_numbers(
                *make_box({1.5, -2}, {64, Extent::Unit::kPixel}, {0.25, Extent::Unit::kDegree})),
            "1.5 -2 64px 0.25deg");
}

}  // namespace
}  // namespace recorte::sky
