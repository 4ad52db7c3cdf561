// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/selection.hpp"

#include "tests/unit/sky/headers.hpp"
#include "tests/unit/sky/regions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace recorte::sky {
namespace {

using test::Regions;
using test::Simple;
using test::wcs_of;

struct Extremes {
  double x_min = INFINITY, x_max = -INFINITY, y_min = INFINITY, y_max = -INFINITY;
  double spacing = 0;  ///< pixels between neighbouring samples of the edge
  bool any() const { return x_min <= x_max; }
  void add(double x, double y) {
    x_min = std::min(x_min, x);
    x_max = std::max(x_max, x);
    y_min = std::min(y_min, y);
    y_max = std::max(y_max, y);
  }
};

/// The extremes of region and image by brute force: a dense grid on every pixel's closed square,
/// and many points of the edge.
Extremes brute(const Stencil& stencil, const Wcs& wcs, int width, int height) {
  constexpr int kGrid = 3;
  constexpr int kEdge = 2500;
  Extremes out;
  std::vector<double> xy, radec;
  for (int j = 0; j <= height * kGrid; ++j)
    for (int i = 0; i <= width * kGrid; ++i) {
      xy.push_back(-0.5 + static_cast<double>(i) / kGrid);
      xy.push_back(-0.5 + static_cast<double>(j) / kGrid);
    }
  radec.resize(xy.size());
  wcs.to_sky(xy, radec);
  for (std::size_t i = 0; i < xy.size(); i += 2)
    if (!std::isnan(radec[i]) && contains(stencil, to_vector({radec[i], radec[i + 1]})))
      out.add(xy[i], xy[i + 1]);
  for (const auto& arc : edge(stencil)) {
    radec.clear();
    for (int i = 0; i <= kEdge; ++i) {
      const Position p = to_position(arc(static_cast<double>(i) / kEdge));
      radec.push_back(p.ra);
      radec.push_back(p.dec);
    }
    xy.resize(radec.size());
    wcs.to_pixel(radec, xy);
    for (std::size_t i = 0; i < xy.size(); i += 2) {
      if (!(xy[i] >= -0.5 && xy[i] <= width - 0.5 && xy[i + 1] >= -0.5 &&
            xy[i + 1] <= height - 0.5))
        continue;
      out.add(xy[i], xy[i + 1]);
      if (i == 0) continue;
      const double step = std::hypot(xy[i] - xy[i - 2], xy[i + 1] - xy[i - 1]);
      if (step < 3) out.spacing = std::max(out.spacing, step);
    }
  }
  return out;
}

/// The rectangle holds every sample, and the region reaches into its first and last columns and
/// rows.
void expect_exact(const Stencil& stencil, const Wcs& wcs, int width, int height) {
  SCOPED_TRACE("stencil " + std::to_string(stencil.index()) + ": " + stencil_numbers(stencil));
  const auto selection = select(stencil, wcs, width, height);
  ASSERT_TRUE(selection) << selection.error().message;
  const auto& r = selection->rect;
  const Extremes e = brute(stencil, wcs, width, height);
  const double slack = 2 * e.spacing + 1e-6;
  if (!e.any()) {
    EXPECT_TRUE(r.empty()) << r.x << " " << r.y << " " << r.width << " " << r.height;
    EXPECT_EQ(selection->coverage, 0);
    return;
  }
  ASSERT_FALSE(r.empty()) << e.x_min << " " << e.x_max << " " << e.y_min << " " << e.y_max;
  EXPECT_EQ(intersection(r, {0, 0, width, height}), r);
  const auto check = [&](const char* axis, double first, double last, double low, double high,
                         double size) {
    EXPECT_LE(std::max(first - 0.5, -0.5), low + 1e-8) << axis;
    EXPECT_GE(std::min(last + 0.5, size - 0.5), high - 1e-8) << axis;
    EXPECT_GE(first + 0.5, low - slack) << axis << ": the first pixel is not touched";
    EXPECT_LE(last - 0.5, high + slack) << axis << ": the last pixel is not touched";
  };
  check("x", static_cast<double>(r.x), static_cast<double>(r.x + r.width - 1), e.x_min, e.x_max,
        width);
  check("y", static_cast<double>(r.y), static_cast<double>(r.y + r.height - 1), e.y_min, e.y_max,
        height);
  EXPECT_GT(selection->coverage, 0);
  EXPECT_LE(selection->coverage, 1);
}

void expect_exact_everywhere(const Wcs& wcs, int width, int height, double extent, int count,
                             unsigned seed) {
  Regions regions(seed);
  for (int i = 0; i < count; ++i) {
    const Position centre = wcs.to_sky(Pixel{width / 2.0, height / 2.0});
    expect_exact(regions.any(centre, extent), wcs, width, height);
  }
}

constexpr int kWidth = 40, kHeight = 30;

Simple small(const std::string& projection, double ra, double dec, double rotation = 0) {
  Simple s;
  s.projection = projection;
  s.ra = ra;
  s.dec = dec;
  s.rotation = rotation;
  s.crpix1 = 17.3;
  s.crpix2 = 12.8;
  s.scale = 0.01;
  return s;
}

TEST(Select, IsExactOnTan) {
  expect_exact_everywhere(wcs_of(small("TAN", 150, 2)), kWidth, kHeight, 0.3, 25, 1);
}
TEST(Select, IsExactOnRotatedTan) {
  expect_exact_everywhere(wcs_of(small("TAN", 150, -50, 33)), kWidth, kHeight, 0.3, 25, 2);
}
TEST(Select, IsExactAcrossRaZero) {
  expect_exact_everywhere(wcs_of(small("TAN", 0.01, -3)), kWidth, kHeight, 0.3, 25, 3);
}
TEST(Select, IsExactAtThePoles) {
  expect_exact_everywhere(wcs_of(small("TAN", 10, 89.95)), kWidth, kHeight, 0.3, 25, 4);
  expect_exact_everywhere(wcs_of(small("TAN", 10, -90, 20)), kWidth, kHeight, 0.3, 25, 5);
}
TEST(Select, IsExactOnSin) {
  expect_exact_everywhere(wcs_of(small("SIN", 80, 40)), kWidth, kHeight, 0.3, 20, 6);
}
TEST(Select, IsExactOnSip) {
  auto s = small("TAN-SIP", 210, 54);
  s.more = test::kSip;
  expect_exact_everywhere(wcs_of(s), kWidth, kHeight, 0.3, 20, 7);
}
TEST(Select, IsExactOnTpv) {
  auto s = small("TPV", 52, -28);
  s.more = test::kTpv;
  expect_exact_everywhere(wcs_of(s), kWidth, kHeight, 0.3, 20, 8);
}
TEST(Select, IsExactOnWideTan) {
  auto s = small("TAN", 300, 20, 10);
  s.scale = 3;
  expect_exact_everywhere(wcs_of(s), kWidth, kHeight, 60, 25, 9);
}
TEST(Select, IsExactOnTheWholeHemisphereOfSin) {
  auto s = small("SIN", 120, -35);
  s.scale = 4;
  expect_exact_everywhere(wcs_of(s), kWidth, kHeight, 80, 25, 10);
}
TEST(Select, IsExactOnGalacticCar) {
  auto s = small("CAR", 15, 0);
  s.lon = "GLON";
  s.lat = "GLAT";
  expect_exact_everywhere(wcs_of(s), kWidth, kHeight, 0.3, 20, 11);
}
TEST(Select, IsExactOnAllSkyMaps) {
  for (const char* projection : {"CAR", "AIT", "MOL", "ZEA", "ARC", "HPX", "COE", "TSC"}) {
    SCOPED_TRACE(projection);
    Simple s;
    s.projection = projection;
    s.ra = 100;
    s.dec = 0;
    s.scale = 7.5;
    s.crpix1 = 24.7;
    s.crpix2 = 13.1;
    if (s.projection == "COE") s.more = "PV2_1   = 45\nPV2_2   = 25\n";
    if (s.projection == "TSC") {  // off the columns that WCSLIB takes for copies of others
      s.scale = 6;
      s.crpix1 = 43;
    }
    expect_exact_everywhere(wcs_of(s), 50, 26, 100, 12, 12);
  }
}

TEST(Select, TouchesNeighboursOnlyThroughTheClosedSquare) {
  // One arcsecond pixels; a circle whose edge is a thousandth of a pixel short of, then past, the
  // side.
  const Wcs wcs = wcs_of(Simple{});
  const Position centre = wcs.to_sky(Pixel{50, 60});
  const auto short_of = select(*make_circle(centre.ra, centre.dec, 2.499 / 3600), wcs, 200, 200);
  EXPECT_EQ(short_of->rect, (PixelRect{48, 58, 5, 5}));
  const auto past = select(*make_circle(centre.ra, centre.dec, 2.501 / 3600), wcs, 200, 200);
  EXPECT_EQ(past->rect, (PixelRect{47, 57, 7, 7}));
}

TEST(Select, FindsARegionWithinOnePixel) {
  const Wcs wcs = wcs_of(Simple{});
  const Position centre = wcs.to_sky(Pixel{50.2, 60.3});
  const auto selection = select(*make_circle(centre.ra, centre.dec, 1e-6), wcs, 200, 200);
  EXPECT_EQ(selection->rect, (PixelRect{50, 60, 1, 1}));
  EXPECT_EQ(selection->coverage, 1);
}

TEST(Select, GivesTheWholeImageToARegionAroundIt) {
  const Wcs wcs = wcs_of(Simple{});
  const auto selection = select(*make_circle(150, 2, 0.5), wcs, 200, 100);
  EXPECT_EQ(selection->rect, (PixelRect{0, 0, 200, 100}));
  EXPECT_NEAR(selection->coverage, 200.0 * 100 / (3601.0 * 3601), 1e-4);
  EXPECT_EQ(select(*make_circle(0, 0, 180), wcs, 200, 100)->rect, (PixelRect{0, 0, 200, 100}));
  EXPECT_EQ(select(*make_range(0, 360, -90, 90), wcs, 200, 100)->rect, (PixelRect{0, 0, 200, 100}));
}

TEST(Select, IsEmptyForARegionThatMissesNarrowly) {
  const Wcs wcs = wcs_of(Simple{});
  const Position left = wcs.to_sky(Pixel{-11, 50});  // 10.5 pixels from the border
  EXPECT_TRUE(select(*make_circle(left.ra, left.dec, 10.4999 / 3600), wcs, 200, 200)->rect.empty());
  EXPECT_EQ(select(*make_circle(left.ra, left.dec, 10.5001 / 3600), wcs, 200, 200)->rect.width, 1);
  const Position corner = wcs.to_sky(Pixel{-3.5, -4.5});  // 5 pixels from the corner
  EXPECT_TRUE(
      select(*make_circle(corner.ra, corner.dec, 4.9999 / 3600), wcs, 200, 200)->rect.empty());
  EXPECT_EQ(select(*make_circle(corner.ra, corner.dec, 5.0001 / 3600), wcs, 200, 200)->rect,
            (PixelRect{0, 0, 1, 1}));
}

TEST(Select, IsEmptyOnTheFarSideOfTan) {
  const Wcs wcs = wcs_of(Simple{});
  const auto selection = select(*make_circle(330, -2, 5), wcs, 200, 200);
  EXPECT_TRUE(selection->rect.empty());
  EXPECT_EQ(selection->coverage, 0);
}

TEST(Select, CoverageIsTheShareOfTheBoundingRectangle) {
  const Wcs wcs = wcs_of(Simple{});
  const Position edge_centre = wcs.to_sky(Pixel{-0.5, 100});
  // 41 columns of which the 21 from -0.5 - 20.2 reach pixel 20; 41 rows all there.
  const auto half =
      select(*make_circle(edge_centre.ra, edge_centre.dec, 20.2 / 3600), wcs, 200, 200);
  EXPECT_EQ(half->rect, (PixelRect{0, 80, 21, 41}));
  EXPECT_DOUBLE_EQ(half->coverage, 21.0 / 42);
  const Position inner = wcs.to_sky(Pixel{100, 100});
  EXPECT_EQ(select(*make_circle(inner.ra, inner.dec, 20.2 / 3600), wcs, 200, 200)->coverage, 1);
}

TEST(Select, HoldsTheOutsideOfASmallHole) {
  // Nearly the whole sky: the image but for a hole in it.
  const Wcs wcs = wcs_of(Simple{});
  const auto selection = select(*make_circle(330, -2, 179.999), wcs, 200, 200);
  EXPECT_EQ(selection->rect, (PixelRect{0, 0, 200, 200}));
}

}  // namespace
}  // namespace recorte::sky
