// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/edge_outline.hpp"
#include "core/sky/stencil_rows.hpp"
#include "tests/unit/sky/headers.hpp"
#include "tests/unit/sky/stencil_rows_check.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace recorte::sky {
namespace {

using test::expect_exact;
using test::Simple;
using test::wcs_of;

constexpr PixelRect kAll{0, 0, 200, 200};

/// Small pixels on a plate carrée: rows and columns of pixels are parallels and meridians.
Simple grid() {
  Simple s;
  s.projection = "CAR";
  s.ra = 150;
  s.dec = 0;
  s.scale = 0.01;
  return s;
}

TEST(StencilRows, TakesACentreOnTheEdgeForInside) {
  const Wcs wcs = wcs_of(grid());
  const auto at = [&](double x, double y) { return wcs.to_sky(Pixel{x, y}); };
  // Edges along rows and columns of centres, and diagonally through them.
  expect_exact(*make_range(at(120, 0).ra, at(40, 0).ra, at(0, 60).dec, at(0, 90).dec), wcs, kAll);
  expect_exact(*make_polygon({at(120, 99.5), at(160, 110), at(40, 110), at(80, 99.5)}), wcs, kAll);
  expect_exact(*make_polygon({at(50, 50), at(60, 60), at(50, 70), at(40, 60)}), wcs, kAll);
  const Wcs tan = wcs_of(Simple{});
  const auto on = [&](double x, double y) { return tan.to_sky(Pixel{x, y}); };
  expect_exact(*make_polygon({on(20, 20), on(140, 20), on(140, 90), on(20, 90)}), tan, kAll);
  expect_exact(*make_polygon({on(20, 20), on(140, 20), on(150, 140), on(30, 140)}), tan, kAll);
  for (const auto& [x, y] : {Pixel{0, 0}, Pixel{0, 199}, Pixel{199, 0}, Pixel{199, 199}})
    expect_exact(*make_polygon({on(x, y), on(x + 30, y + 7), on(x - 4, y + 40), on(x - 30, y - 9)}),
                 tan, kAll);
  const double reach = separation(to_vector(on(100, 100)), to_vector(on(103, 104)));
  expect_exact(*make_circle(on(100, 100).ra, on(100, 100).dec, reach), tan, kAll);
}

TEST(StencilRows, RowsThatTouchACircleHoldItsTopmostPixel) {
  const Wcs wcs = wcs_of(Simple{});
  const Position centre = wcs.to_sky(Pixel{99.5, 99.5});
  const double reach = separation(to_vector(centre), to_vector(wcs.to_sky(Pixel{99, 150})));
  for (const double over : {-1e-4, -1e-7, 1e-7, 1e-4}) {  // pixels
    const Stencil circle = *make_circle(centre.ra, centre.dec, reach + over / 3600);
    expect_exact(circle, wcs, kAll);
    const auto rows = StencilRows::make(circle, wcs, kAll);
    const auto top = rows.row(150);
    ASSERT_EQ(top.size(), over > 0 ? 1U : 0U);
    if (over > 0) {
      EXPECT_EQ(top[0], (StencilRows::Span{99, 101}));
    }
  }
}

TEST(StencilRows, FindsNothingBetweenCentresAndOnePixelAroundOne) {
  const Wcs wcs = wcs_of(Simple{});
  const Position between = wcs.to_sky(Pixel{50.5, 60.5});
  EXPECT_EQ(expect_exact(*make_circle(between.ra, between.dec, 0.7 / 3600), wcs, kAll), 0);
  EXPECT_EQ(expect_exact(*make_circle(between.ra, between.dec, 0.72 / 3600), wcs, kAll), 4);
  const Position centre = wcs.to_sky(Pixel{50, 60});
  for (const double radius : {1e-3, 1e-5, 1e-7, 1e-9})
    EXPECT_EQ(expect_exact(*make_circle(centre.ra, centre.dec, radius / 3600), wcs, kAll), 1);
  expect_exact(*make_range(centre.ra, centre.ra, centre.dec, centre.dec), wcs, kAll);
  expect_exact(*make_range(centre.ra, centre.ra, 1, 3), wcs, kAll);
  expect_exact(*make_range(149, 151, centre.dec, centre.dec), wcs, kAll);
}

TEST(StencilRows, IsWholeWhereTheRegionCoversAll) {
  const Wcs wcs = wcs_of(Simple{});
  for (const auto& region :
       {*make_circle(150, 2, 0.1), *make_circle(150, 2, 180), *make_circle(0, 0, 179.9),
        *make_range(0, 360, -90, 90), *make_range(300, 200, -10, 10),
        *make_range(100, 200, -90, 90), *make_polygon({{140, -5}, {160, -5}, {150, 20}}),
        *make_polygon({{70, -60}, {230, -60}, {150, 70}})}) {
    EXPECT_EQ(expect_exact(region, wcs, kAll), kAll.area());
    const auto rows = StencilRows::make(region, wcs, kAll);
    EXPECT_TRUE(rows.whole());
    ASSERT_EQ(rows.row(7).size(), 1U);
    EXPECT_EQ(rows.row(7)[0], (StencilRows::Span{0, 200}));
  }
}

TEST(StencilRows, IsEmptyWhereTheRegionIsElsewhere) {
  const Wcs wcs = wcs_of(Simple{});
  for (const auto& region :
       {*make_circle(150, 3, 0.5), *make_circle(330, -2, 5), *make_circle(330, -2, 170),
        *make_range(151, 149, -90, 90), *make_range(0, 360, 3, 90),
        *make_polygon({{151, 1}, {152, 1}, {152, 3}, {151, 3}})}) {
    EXPECT_EQ(expect_exact(region, wcs, kAll), 0);
    EXPECT_FALSE(StencilRows::make(region, wcs, kAll).whole());
  }
}

TEST(StencilRows, FollowsEdgesThatComeAndGoOnEverySide) {
  const Wcs wcs = wcs_of(Simple{});
  for (const auto& [x, y] : {Pixel{-30, 100}, Pixel{230, 100}, Pixel{100, -30}, Pixel{100, 230},
                             Pixel{-30, -20}, Pixel{230, -20}, Pixel{-30, 220}, Pixel{230, 220}}) {
    const Position centre = wcs.to_sky(Pixel{x, y});
    for (const double radius : {20.0, 90.0, 200.0, 1e5})
      expect_exact(*make_circle(centre.ra, centre.dec, radius / 3600), wcs, kAll);
  }
}

TEST(StencilRows, FillsConcaveCrossingAndTouchingPolygons) {
  const Wcs wcs = wcs_of(Simple{});
  const auto polygon = [&](std::initializer_list<Pixel> pixels) {
    std::vector<Position> vertices;
    for (const auto& pixel : pixels) vertices.push_back(wcs.to_sky(pixel));
    return *make_polygon(vertices);
  };
  expect_exact(polygon({{20.3, 20.1}, {180.2, 30.7}, {60.4, 60.6}, {170.1, 190.9}}), wcs, kAll);
  expect_exact(polygon({{20, 20}, {180, 180}, {180, 20}, {20, 180}}), wcs, kAll);  // a bow tie
  // A spike that goes out and comes back on itself; two squares that share a corner.
  expect_exact(polygon({{50, 50}, {100, 50}, {100, 190}, {100, 100}, {50, 100}}), wcs, kAll);
  expect_exact(polygon({{50, 50},
                        {100, 50},
                        {100, 100},
                        {150, 100},
                        {150, 150},
                        {100, 150},
                        {100, 100},
                        {50, 100}}),
               wcs, kAll);
  std::vector<Position> many;
  for (int i = 0; i < 60; ++i)
    many.push_back(to_position(
        offset(to_vector({150, 2}), 360.0 * i / 60, (i % 2 == 0 ? 90.0 : 60.0) / 3600)));
  expect_exact(*make_polygon(many), wcs, kAll);
}

TEST(StencilRows, HoldsRangesAtRaZeroAndThePoles) {
  for (const auto& [ra, dec] : {Position{0, 0}, Position{0, 60}, Position{200, 90},
                                Position{0, -90}, Position{70, 89.99}}) {
    Simple s;
    s.ra = ra;
    s.dec = dec;
    s.rotation = 17;
    const Wcs wcs = wcs_of(s);
    const double low = std::max(dec - 0.02, -90.0);
    const double high = std::min(dec + 0.02, 90.0);
    for (const auto& [first, last] :
         {std::pair{359.99, 0.01}, std::pair{0.0, 360.0}, std::pair{360.0, 0.02},
          std::pair{0.0, 0.02}, std::pair{359.98, 360.0}, std::pair{10.0, 200.0},
          std::pair{10.0, 9.999}, std::pair{350.0, 170.0}})
      expect_exact(*make_range(first, last, low, high), wcs, kAll);
  }
}

TEST(StencilRows, LeavesOutPixelsWithoutSky) {
  Simple s;
  s.projection = "SIN";
  s.scale = 0.7;  // the hemisphere is within the image, with corners beyond it
  const Wcs sin = wcs_of(s);
  EXPECT_LT(expect_exact(*make_circle(0, 0, 180), sin, kAll), kAll.area());
  expect_exact(*make_circle(150, 2, 89.99), sin, kAll);
  expect_exact(*make_circle(60, 2, 60), sin, kAll);
  s.projection = "AIT";
  s.scale = 1.9;
  const Wcs ait = wcs_of(s);
  EXPECT_FALSE(StencilRows::make(*make_range(0, 360, -90, 90), ait, kAll).whole());
  expect_exact(*make_range(0, 360, -90, 90), ait, kAll);
  expect_exact(*make_circle(330, 10, 25), ait, kAll);  // on both sides of the cut
  expect_exact(*make_circle(330, 10, 0.1), ait, kAll);
  expect_exact(*make_circle(150, 89, 20), ait, kAll);
}

TEST(StencilRows, FollowsTheEdgeOfGreatRegionsAndOverGreatRectangles) {
  Simple s;
  s.projection = "TPV";
  s.more = test::kTpv;
  s.scale = 5e-4;
  const Wcs wcs = wcs_of(s);
  const PixelRect rect{-200, -150, 500, 450};
  const Position centre = wcs.to_sky(Pixel{50, 100});
  for (const double radius : {0.05, 0.12, 0.15, 0.3}) {
    const Stencil circle = *make_circle(centre.ra, centre.dec, radius);
    expect_exact(circle, wcs, rect);
    EXPECT_TRUE(outline_edge(edge(circle), wcs, rect));
  }
  expect_exact(*make_circle(centre.ra - 60, centre.dec, 60), wcs, rect);
  expect_exact(*make_range(centre.ra, centre.ra + 100, -80, 80), wcs, rect);
  // Strips: wide and low, narrow and high.
  const Stencil circle = *make_circle(centre.ra, centre.dec, 0.1);
  for (const auto& strip : {PixelRect{-700, 100, 1500, 1}, PixelRect{-700, 298, 1500, 3},
                            PixelRect{249, -600, 2, 1400}, PixelRect{50, -600, 1, 1400}}) {
    expect_exact(circle, wcs, strip);
    EXPECT_TRUE(outline_edge(edge(circle), wcs, strip));
  }
}

TEST(StencilRows, OfNoPixelsAreNone) {
  const auto rows = StencilRows::make(*make_circle(150, 2, 1), wcs_of(Simple{}), {3, 4, 0, 5});
  EXPECT_TRUE(rows.row(4).empty());
}

TEST(StencilRows, RefusesABox) {
  const Extent size{1, Extent::Unit::kDegree};
  EXPECT_THROW(StencilRows::make(*make_box({150, 2}, size, size), wcs_of(Simple{}), kAll),
               std::invalid_argument);
}

}  // namespace
}  // namespace recorte::sky
