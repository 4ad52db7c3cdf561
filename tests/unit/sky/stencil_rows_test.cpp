// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/stencil_rows.hpp"

#include "core/sky/edge_outline.hpp"
#include "tests/unit/sky/headers.hpp"
#include "tests/unit/sky/regions.hpp"
#include "tests/unit/sky/stencil_rows_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace recorte::sky {
namespace {

using test::expect_exact;
using test::Regions;
using test::Simple;
using test::wcs_of;

/// Vertices in any order, so that edges cross.
Stencil tangled(Regions& regions, const Position& centre, double extent) {
  std::vector<Position> vertices;
  for (int i = 0; i < 5; ++i)
    vertices.push_back(to_position(
        offset(to_vector(centre), regions.uniform(0, 360), regions.uniform(0.05, 1) * extent)));
  return *make_polygon(vertices);
}

/// `count` random regions over random rectangles of up to 48 pixels a side around (20, 15).
/// Returns on how many of the rectangles the edge could be followed.
int expect_exact_on_many(const Wcs& wcs, double extent, int count, unsigned seed) {
  Regions regions(seed);
  const auto whole = [&](double low, double high) {
    return static_cast<std::int64_t>(std::floor(regions.uniform(low, high)));
  };
  const Position centre = wcs.to_sky(Pixel{20, 15});
  if (std::isnan(centre.ra)) throw std::invalid_argument("the middle of the rectangles has no sky");
  int followed = 0;
  for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
    const PixelRect rect{whole(-10, 20), whole(-10, 15), whole(1, 49), whole(1, 40)};
    const Stencil stencil =
        i % 8 == 0 ? tangled(regions, centre, extent) : regions.any(centre, extent);
    expect_exact(stencil, wcs, rect);
    followed += outline_edge(edge(stencil), wcs, rect).has_value();
  }
  return followed;
}

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

constexpr int kMany = 150;
constexpr double kExtent = 0.3;  // degrees: a small image's diagonal

TEST(StencilRows, AgreesWithEveryPixelOnSmallImages) {
  unsigned seed = 1;
  for (const char* projection : {"TAN", "SIN", "ZEA", "ARC", "STG", "CAR", "AIT", "MOL", "SFL"}) {
    SCOPED_TRACE(projection);
    for (const double rotation : {0.0, 33.0, 180.0})
      EXPECT_EQ(expect_exact_on_many(wcs_of(small(projection, 150, 12, rotation)), kExtent, kMany,
                                     seed++),
                kMany);
  }
}

TEST(StencilRows, AgreesWithEveryPixelUnderDistortion) {
  auto sip = small("TAN-SIP", 210, 54);
  sip.more = test::kSip;
  EXPECT_EQ(expect_exact_on_many(wcs_of(sip), kExtent, kMany, 40), kMany);
  auto tpv = small("TPV", 52, -28, 20);
  tpv.more = test::kTpv;
  EXPECT_EQ(expect_exact_on_many(wcs_of(tpv), kExtent, kMany, 41), kMany);
}

TEST(StencilRows, AgreesWithEveryPixelAtThePolesAndAcrossRaZero) {
  unsigned seed = 50;
  for (const char* projection : {"TAN", "SIN", "ZEA", "ARC", "STG"}) {
    SCOPED_TRACE(projection);
    for (const auto& [ra, dec] : {Position{10, 89.95}, Position{10, -90}, Position{0.01, -3}})
      EXPECT_EQ(
          expect_exact_on_many(wcs_of(small(projection, ra, dec, 20)), kExtent, kMany, seed++),
          kMany);
  }
  for (const char* projection : {"CAR", "AIT", "MOL", "SFL"}) {
    SCOPED_TRACE(projection);
    const bool oval = projection[0] == 'A' || projection[0] == 'M';
    const double pole = oval ? std::sqrt(2) / kDegree : 90;  // degrees of the plane to the pole
    auto s = small(projection, 0.01, 0);
    expect_exact_on_many(wcs_of(s), kExtent, kMany, seed++);
    s.crpix2 = 25.4 - pole / s.scale;  // rows up to the pole, and beyond
    expect_exact_on_many(wcs_of(s), kExtent, kMany, seed++);
    s.crpix2 = 12.8;
    s.crpix1 = 30.2 - 2 * pole / s.scale;  // columns up to the border that cuts the sky
    expect_exact_on_many(wcs_of(s), kExtent, kMany, seed++);
  }
}

TEST(StencilRows, AgreesWithEveryPixelOfGalacticImages) {
  auto s = small("CAR", 15, 0);
  s.lon = "GLON";
  s.lat = "GLAT";
  expect_exact_on_many(wcs_of(s), kExtent, kMany, 90);
}

TEST(StencilRows, AgreesWithEveryPixelOnWideAndAllSkyMaps) {
  unsigned seed = 100;
  for (const char* projection :
       {"TAN", "SIN", "STG", "CAR", "AIT", "MOL", "SFL", "ZEA", "ARC", "HPX", "COE", "TSC"}) {
    SCOPED_TRACE(projection);
    for (const double scale : {1.0, 3.0, 7.5}) {
      auto s = small(projection, 100, 0);
      if (s.projection == "TAN" || s.projection == "SIN") s.dec = -35;
      if (s.projection == "COE") s.more = "PV2_1   = 45\nPV2_2   = 25\n";
      s.scale = scale;
      s.crpix1 = 24.7;
      s.crpix2 = 13.1;
      expect_exact_on_many(wcs_of(s), 100, kMany / 4, seed++);
    }
  }
}

TEST(StencilRows, StaysExactWhereADistortionFolds) {
  auto s = small("TAN-SIP", 210, 54);
  s.more = "A_ORDER = 2\nB_ORDER = 2\nA_2_0   = 2.1E-2\nB_0_2   = -1.7E-2\n";
  expect_exact_on_many(wcs_of(s), kExtent, kMany / 4, 200);
}

}  // namespace
}  // namespace recorte::sky
