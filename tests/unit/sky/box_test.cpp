// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/selection.hpp"
#include "tests/unit/sky/headers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace recorte::sky {
namespace {

using test::Simple;
using test::wcs_of;

constexpr Extent pixels(double n) { return {n, Extent::Unit::kPixel}; }
constexpr Extent seconds(double n) { return {n / 3600, Extent::Unit::kDegree}; }

TEST(Box, HasTheSizeAskedForAndItsMiddleNearThePosition) {
  Simple s;
  s.rotation = 30;
  const Wcs wcs = wcs_of(s);
  std::mt19937 engine(3);
  std::uniform_real_distribution<double> at(20, 180);
  std::uniform_int_distribution<int> size(1, 30);
  for (int i = 0; i < 500; ++i) {
    const Pixel p{at(engine), at(engine)};
    const int w = size(engine);
    const int h = size(engine);
    const auto selection = select(*make_box(wcs.to_sky(p), pixels(w), pixels(h)), wcs, 200, 200);
    const auto& r = selection->rect;
    EXPECT_EQ(r.width, w);
    EXPECT_EQ(r.height, h);
    EXPECT_LE(std::abs(static_cast<double>(r.x) + (w - 1) / 2.0 - p.x), 0.5 + 1e-8);
    EXPECT_LE(std::abs(static_cast<double>(r.y) + (h - 1) / 2.0 - p.y), 0.5 + 1e-8);
    EXPECT_EQ(selection->coverage, 1);
  }
}

TEST(Box, MovesByWholePixelsWithThePosition) {
  const Wcs wcs = wcs_of(Simple{});
  const auto first =
      select(*make_box(wcs.to_sky(Pixel{50.3, 60.8}), pixels(8), pixels(9)), wcs, 200, 200);
  const auto next =
      select(*make_box(wcs.to_sky(Pixel{53.3, 65.8}), pixels(8), pixels(9)), wcs, 200, 200);
  EXPECT_EQ(next->rect, (PixelRect{first->rect.x + 3, first->rect.y + 5, 8, 9}));
}

TEST(Box, RoundsAnglesToPixelsOnEachAxis) {
  const Wcs wcs = wcs_of(
      "CTYPE1  = 'RA---TAN'\nCTYPE2  = 'DEC--TAN'\nCRVAL1  = 150\nCRVAL2  = 2\nCRPIX1  = 50\n"
      "CRPIX2  = 50\nCDELT1  = -2.7777777777777778E-4\nCDELT2  = 5.5555555555555556E-4\n");
  const auto selection = select(*make_box({150, 2}, seconds(10.4), seconds(10.8)), wcs, 100, 100);
  EXPECT_EQ(selection->rect.width, 10);
  EXPECT_EQ(selection->rect.height, 5);
  const auto least = select(*make_box({150, 2}, seconds(0.01), pixels(0.3)), wcs, 100, 100);
  EXPECT_EQ(least->rect, (PixelRect{49, 49, 1, 1}));
}

TEST(Box, MayLeaveTheImageAndSaysHowMuchIsThere) {
  const Wcs wcs = wcs_of(Simple{});
  const auto selection =
      select(*make_box(wcs.to_sky(Pixel{0, 100}), pixels(11), pixels(5)), wcs, 200, 200);
  EXPECT_EQ(selection->rect, (PixelRect{-5, 98, 11, 5}));
  EXPECT_DOUBLE_EQ(selection->coverage, 6.0 / 11);
}

TEST(Box, IsEmptyOutsideTheImageAndOnTheFarSide) {
  const Wcs wcs = wcs_of(Simple{});
  const auto outside =
      select(*make_box(wcs.to_sky(Pixel{-20, 100}), pixels(11), pixels(5)), wcs, 200, 200);
  EXPECT_TRUE(outside->rect.empty());
  EXPECT_EQ(outside->coverage, 0);
  EXPECT_TRUE(select(*make_box({330, -2}, pixels(11), pixels(5)), wcs, 200, 200)->rect.empty());
}

TEST(Box, RefusesMorePixelsThanAnyImageHas) {
  const Wcs wcs = wcs_of(Simple{});
  const auto selection = select(*make_box({150, 2}, pixels(3e9), pixels(5)), wcs, 200, 200);
  ASSERT_FALSE(selection);
  EXPECT_EQ(selection.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace recorte::sky
