// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/mapping.hpp"

#include "core/sky/wcs.hpp"
#include "tests/unit/random.hpp"
#include "tests/unit/sky/headers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <utility>

namespace recorte::image {
namespace {

constexpr double kTolerance = 1e-4;

/// A map of one point made one of many; counts the points asked for.
struct Counted {
  std::function<std::pair<double, double>(double x, double y)> point;
  std::size_t asked = 0;
  PointMap map() {
    return [this](std::span<const double> in, std::span<double> out) {
      asked += in.size() / 2;
      for (std::size_t i = 0; i < in.size(); i += 2)
        std::tie(out[i], out[i + 1]) = point(in[i], in[i + 1]);
    };
  }
};

/// The largest error over every pixel; NaN on one side alone counts as infinite.
double largest_error(const std::vector<double>& got, Counted& exact, std::int64_t x0,
                     std::int64_t y0, std::int64_t width, std::int64_t height) {
  double largest = 0;
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const auto [u, v] = exact.point(static_cast<double>(x0 + x), static_cast<double>(y0 + y));
      const auto* p = &got[static_cast<std::size_t>(2 * (y * width + x))];
      if (std::isnan(u) != std::isnan(p[0]) || std::isnan(v) != std::isnan(p[1])) return INFINITY;
      if (!std::isnan(u)) largest = std::max({largest, std::abs(u - p[0]), std::abs(v - p[1])});
    }
  return largest;
}

TEST(Mapping, AnAffineMapNeedsFewPoints) {
  Counted shear{
      [](double x, double y) { return std::pair(1.5 * x - .25 * y + 7, .5 * x + y - 3); }};
  const auto got = map_pixels(shear.map(), -20, 30, 160, 96);
  EXPECT_EQ(got.size(), 2U * 160 * 96);
  EXPECT_LT(largest_error(got, shear, -20, 30, 160, 96), 1e-11);
  EXPECT_EQ(shear.asked, 11U * 7);  // nodes of 5 x 3 cells, shared
}

TEST(Mapping, EverySizeIsFilled) {
  Counted curved{[](double x, double y) { return std::pair(x + 1e-3 * x * y, y - 2e-3 * x * x); }};
  for (std::int64_t width = 1; width <= 35; ++width)
    for (const std::int64_t height : {1, 2, 3, 5, 15, 16, 17, 33})
      EXPECT_LE(largest_error(map_pixels(curved.map(), 3, -4, width, height), curved, 3, -4, width,
                              height),
                kTolerance)
          << width << " x " << height;
}

/// Smooth maps: rotation, scale, and distortions up to the fourth order that bend a field by up to
/// hundreds of pixels, far worse than real cameras.
TEST(Mapping, TheErrorIsBoundedOnRandomSmoothMaps) {
  std::mt19937 random(recorte::test::seed(5));
  std::uniform_real_distribution<double> unit(-1, 1);
  for (int round = 0; round < 60; ++round) {
    const double angle = 3.2 * unit(random);
    const double scale = std::exp(unit(random));
    double bend[2][12];
    for (auto& axis : bend)
      for (auto& c : axis) c = unit(random);
    auto distorted = [&](double x, double y, const double* b) {
      const double u = x / 1000;
      const double v = y / 1000;
      return 20 * (b[0] * u * u + b[1] * u * v + b[2] * v * v) +
             10 * (b[3] * u * u * u + b[4] * u * u * v + b[5] * u * v * v + b[6] * v * v * v) +
             5 * (b[7] * u * u * u * u + b[8] * u * u * v * v + b[9] * v * v * v * v) +
             b[10] * std::sin(9 * u + 2 * v) + b[11] * std::cos(7 * v - 3 * u);
    };
    Counted map{[&](double x, double y) {
      const double c = scale * std::cos(angle);
      const double s = scale * std::sin(angle);
      return std::pair(c * x - s * y + distorted(x, y, bend[0]),
                       s * x + c * y + distorted(x, y, bend[1]));
    }};
    const auto x0 = static_cast<std::int64_t>(2000 * unit(random));
    const auto y0 = static_cast<std::int64_t>(2000 * unit(random));
    const auto got = map_pixels(map.map(), x0, y0, 131, 77);
    EXPECT_LE(largest_error(got, map, x0, y0, 131, 77), kTolerance);
  }
}

TEST(Mapping, ATighterToleranceGivesASmallerError) {
  Counted map{[](double x, double y) {
    return std::pair(x + 1e-5 * x * x + 1e-5 * x * y, y + 2e-5 * y * y);
  }};
  for (const double tolerance : {1e-2, 1e-4, 1e-6, 1e-9})
    EXPECT_LE(largest_error(map_pixels(map.map(), 0, 0, 100, 100, tolerance), map, 0, 0, 100, 100),
              tolerance);
}

/// Regions that do not map: half planes, discs and their complements, of many sizes. What is
/// checked is that no NaN spreads to a pixel that maps, and that none is filled over by more than
/// the checked points can miss.
TEST(Mapping, NaNStaysWhereItIs) {
  std::mt19937 random(recorte::test::seed(6));
  std::uniform_real_distribution<double> unit(0, 1);
  for (int round = 0; round < 200; ++round) {
    const double cx = 100 * unit(random);
    const double cy = 60 * unit(random);
    const double radius = 24 + 80 * unit(random);  // wider than the gap between checked points
    const bool inside = round % 2 == 0;
    Counted map{[&](double x, double y) {
      const bool off = (std::hypot(x - cx, y - cy) < radius) == inside;
      return off ? std::pair<double, double>(NAN, NAN) : std::pair(x * 1.1 + 2, y - .1 * x);
    }};
    const auto got = map_pixels(map.map(), 0, 0, 100, 60);
    std::size_t missed = 0;
    for (std::int64_t y = 0; y < 60; ++y)
      for (std::int64_t x = 0; x < 100; ++x) {
        const auto [u, v] = map.point(static_cast<double>(x), static_cast<double>(y));
        const auto* p = &got[static_cast<std::size_t>(2 * (y * 100 + x))];
        if (!std::isnan(u)) {
          ASSERT_NEAR(p[0], u, kTolerance) << x << " " << y;
          ASSERT_NEAR(p[1], v, kTolerance) << x << " " << y;
        } else {
          missed += !std::isnan(p[0]);
        }
      }
    EXPECT_LT(missed, 60U) << cx << " " << cy << " " << radius << " " << inside;
  }
}

TEST(Mapping, WhatNeverMapsIsAllNaN) {
  Counted nowhere{[](double, double) { return std::pair<double, double>(NAN, NAN); }};
  for (const double value : map_pixels(nowhere.map(), 0, 0, 40, 40)) EXPECT_TRUE(std::isnan(value));
}

TEST(Mapping, ABreakIsFollowedToThePixel) {
  Counted broken{[](double x, double y) { return std::pair(x < 37.5 ? x : x + 1000, y); }};
  EXPECT_LT(largest_error(map_pixels(broken.map(), 0, 0, 80, 40), broken, 0, 0, 80, 40), 1e-9);
}

std::string card(std::string text) {
  text.resize(80, ' ');
  return text;
}

sky::Wcs tan(double ra, double dec, double angle, double crpix, bool sip) {
  const double scale = 0.263 / 3600;
  auto fine = [](const std::string& key, double value) {
    char text[40];
    std::snprintf(text, sizeof text, "= %.17E", value);
    auto name = key;
    name.resize(8, ' ');
    return card(name + text);
  };
  const std::string suffix = sip ? "-SIP" : "";
  std::string cards =
      card("CTYPE1  = 'RA---TAN" + suffix + "'") + card("CTYPE2  = 'DEC--TAN" + suffix + "'") +
      fine("CRVAL1", ra) + fine("CRVAL2", dec) + fine("CRPIX1", crpix) + fine("CRPIX2", crpix) +
      fine("CD1_1", -scale * std::cos(angle)) + fine("CD1_2", scale * std::sin(angle)) +
      fine("CD2_1", scale * std::sin(angle)) + fine("CD2_2", scale * std::cos(angle));
  if (sip)
    cards += card("A_ORDER =                    3") + card("B_ORDER =                    3") +
             fine("A_2_0", 3e-6) + fine("A_1_1", -2e-6) + fine("A_3_0", 4e-10) +
             fine("A_1_2", -5e-10) + fine("B_0_2", 2e-6) + fine("B_2_0", -3e-6) +
             fine("B_2_1", 6e-10) + fine("B_0_3", -4e-10);
  return sky::Wcs::parse(cards).value();
}

/// What the pipeline does: a picture's grid onto a neighbour's, one of them distorted as real
/// cameras are.
TEST(Mapping, TheErrorIsBoundedBetweenRealGrids) {
  const auto from = tan(150.1, 62.2, 0, 500, false);
  for (const bool sip : {false, true}) {
    const auto to = tan(150.4, 62.25, .4, 900, sip);
    std::size_t asked = 0;
    const PointMap map = [&](std::span<const double> in, std::span<double> out) {
      asked += in.size() / 2;
      std::vector<double> sky(in.size());
      from.to_sky(in, sky);
      to.to_pixel(sky, out);
    };
    const auto got = map_pixels(map, 0, 0, 300, 200);
    EXPECT_LT(asked, 300U * 200 / 4);
    std::vector<double> in;
    for (int y = 0; y < 200; ++y)
      for (int x = 0; x < 300; ++x) in.insert(in.end(), {double(x), double(y)});
    std::vector<double> exact(in.size());
    map(in, exact);
    double largest = 0;
    for (std::size_t i = 0; i < exact.size(); ++i)
      largest = std::max(largest, std::abs(exact[i] - got[i]));
    EXPECT_LE(largest, kTolerance) << sip;
  }
}

/// Terms of TPV, a cubic of some pixels at the image's corners.
std::string tpv(std::mt19937& random) {
  std::uniform_real_distribution<double> unit(-1, 1);
  std::string out;
  for (const int axis : {1, 2})
    for (const auto& [term, size] :
         {std::pair{1, 0.0}, {4, 0.02}, {5, 0.02}, {6, 0.02}, {7, 0.2}, {9, 0.2}, {10, 0.2}}) {
      char line[81];
      const double value = term == 1 ? 1 : size * unit(random);
      const auto keyword = "PV" + std::to_string(axis) + "_" + std::to_string(term);
      std::snprintf(line, sizeof line, "%-8s= %.15E\n", keyword.c_str(), value);
      out += line;
    }
  return out;
}

/// Any two images that overlap: every projection, turned, of pixels up to three times as large,
/// distorted or not, at any declination.
TEST(Mapping, TheErrorIsBoundedBetweenRandomWcs) {
  std::mt19937 random(recorte::test::seed(8));
  std::uniform_real_distribution<double> unit(0, 1);
  const std::vector<std::string> projections{"TAN", "SIN", "ZEA", "ARC",     "STG", "CAR",
                                             "SFL", "AIT", "TPV", "TAN-SIP", "MOL", "ZPN"};
  std::size_t asked = 0, pixels = 0;
  for (int round = 0; round < 240; ++round) {
    // Not at a pole, where the cylindrical ones have none of their image.
    const double ra = 360 * unit(random);
    const double dec = -75 + 150 * unit(random);
    const auto grid = [&] {
      sky::test::Simple s;
      s.projection = projections[static_cast<std::size_t>(unit(random) * 12)];
      s.ra = ra + 0.02 * unit(random);
      s.dec = dec + 0.02 * unit(random);
      s.scale = (0.2 + 0.8 * unit(random)) / 3600;
      s.rotation = 360 * unit(random);
      if (s.projection == "TAN-SIP") s.more = sky::test::kSip;
      if (s.projection == "TPV") s.more = tpv(random);
      if (s.projection == "ZPN") s.more = "PV2_1   = 1.0\nPV2_3   = 12.0\n";
      return sky::test::wcs_of(s);
    };
    const auto from = grid();
    const auto to = grid();
    const PointMap map = [&](std::span<const double> in, std::span<double> out) {
      asked += in.size() / 2;
      std::vector<double> sky(in.size());
      from.to_sky(in, sky);
      to.to_pixel(sky, out);
    };
    const auto got = map_pixels(map, 0, 0, 200, 130);
    std::vector<double> in;
    for (int y = 0; y < 130; ++y)
      for (int x = 0; x < 200; ++x) in.insert(in.end(), {double(x), double(y)});
    std::vector<double> exact(in.size());
    const auto before = asked;
    map(in, exact);
    asked = before;
    pixels += in.size() / 2;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      ASSERT_EQ(std::isnan(exact[i]), std::isnan(got[i])) << round;
      if (std::isnan(exact[i])) continue;
      ASSERT_NEAR(exact[i], got[i], kTolerance) << round;
    }
  }
  EXPECT_LT(asked, pixels / 3) << "points asked for, against pixels mapped";
}

}  // namespace
}  // namespace recorte::image
