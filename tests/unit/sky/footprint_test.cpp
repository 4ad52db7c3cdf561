// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/footprint.hpp"

#include "core/sky/selection.hpp"
#include "tests/unit/random.hpp"
#include "tests/unit/sky/headers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace recorte::sky {
namespace {

using test::Simple;
using test::wcs_of;

struct Case {
  std::string name;
  Wcs wcs;
  int width, height;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  const auto add = [&](const std::string& name, const Simple& s, int width, int height) {
    out.push_back({name, wcs_of(s), width, height});
  };
  Simple s;
  add("TAN", s, 200, 300);
  s.rotation = 27;
  s.ra = 0;
  s.dec = 89.99;
  add("TAN over the pole", s, 200, 300);
  s.scale = 0.2;
  s.dec = -30;
  add("wide TAN", s, 200, 200);
  s.scale = 1;
  add("very wide TAN", s, 130, 90);
  s = Simple{};
  s.projection = "TAN-SIP";
  s.more = test::kSip;
  add("SIP", s, 200, 200);
  s.projection = "TPV";
  s.more = test::kTpv;
  s.scale = 0.005;
  add("TPV", s, 200, 200);
  s.more = "";
  for (const char* projection : {"ZEA", "CAR", "SIN", "AIT", "HPX"}) {
    s.projection = projection;
    s.scale = 0.1;
    add(std::string("wide ") + projection, s, 200, 200);
    s.scale = 1;
    s.crpix2 = 50.5;
    add(std::string("very wide ") + projection, s, 200, 100);
  }
  s.projection = "CAR";
  s.crpix1 = -2000;
  s.scale = 0.02;
  s.lon = "GLON";
  s.lat = "GLAT";
  add("CAR far from its reference", s, 300, 200);
  return out;
}

std::vector<Vector> dense(const Case& c) {
  std::vector<double> xy;
  for (int j = 0; j <= 120; ++j)
    for (int i = 0; i <= 120; ++i) {
      xy.push_back(-0.5 + c.width * i / 120.0);
      xy.push_back(-0.5 + c.height * j / 120.0);
    }
  std::vector<double> radec(xy.size());
  c.wcs.to_sky(xy, radec);
  std::vector<Vector> out;
  for (std::size_t i = 0; i < radec.size(); i += 2)
    if (!std::isnan(radec[i])) out.push_back(to_vector({radec[i], radec[i + 1]}));
  return out;
}

TEST(Footprint, CapAndOutlineHoldEveryPixel) {
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const Footprint footprint = footprint_of(c.wcs, c.width, c.height);
    for (const auto& v : dense(c)) {
      ASSERT_LE(separation(footprint.cap.centre, v), footprint.cap.radius);
      ASSERT_TRUE(may_meet(footprint, {v, 0}));
    }
  }
}

TEST(Footprint, IsTightForAnOrdinaryImage) {
  const Footprint footprint = footprint_of(wcs_of(Simple{}), 200, 200);
  EXPECT_LT(footprint.cap.radius, 1.01 * std::hypot(100, 100) / 3600);
  EXPECT_EQ(footprint.outline.size(), 4U);
  const Wcs wcs = wcs_of(Simple{});
  const auto beside = to_vector(wcs.to_sky(Pixel{-5, 100}));
  EXPECT_FALSE(may_meet(footprint, {beside, 4.0 / 3600}));
  EXPECT_TRUE(may_meet(footprint, {beside, 4.6 / 3600}));
}

TEST(Footprint, MayMeetNeverMissesWhatSelectFinds) {
  std::mt19937 engine(recorte::test::seed(11));
  std::uniform_real_distribution<double> unit(0, 1);
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const Footprint footprint = footprint_of(c.wcs, c.width, c.height);
    const double reach = std::min(footprint.cap.radius, 60.0);
    const Vector middle = to_vector(c.wcs.to_sky(Pixel{c.width / 2.0, c.height / 2.0}));
    int met = 0;
    for (int i = 0; i < 25; ++i) {
      const Position at =
          to_position(offset(middle, 360 * unit(engine), 1.5 * reach * unit(engine)));
      const auto circle = make_circle(at.ra, at.dec, std::max(reach * unit(engine) * 0.3, 1e-4));
      const bool meets_image = !select(*circle, c.wcs, c.width, c.height)->rect.empty();
      met += meets_image;
      EXPECT_TRUE(!meets_image || may_meet(footprint, bounding_cap(*circle, 0)));
    }
    EXPECT_GT(met, 0);
  }
}

TEST(Footprint, OfVerticesIsGrownByItsMargin) {
  const std::vector<Position> square{{10, -1}, {12, -1}, {12, 1}, {10, 1}};
  const Footprint plain = footprint_of(square, 0);
  const Footprint grown = footprint_of(square, 0.1);
  const Cap beside{to_vector({9.95, 0}), 0.01};
  EXPECT_FALSE(may_meet(plain, beside));
  EXPECT_TRUE(may_meet(grown, beside));
  EXPECT_FALSE(may_meet(grown, {to_vector({9.85, 0}), 0.01}));
  const std::vector<Position> other_way(square.rbegin(), square.rend());
  EXPECT_TRUE(may_meet(footprint_of(other_way, 0.1), beside));
}

TEST(Footprint, RegionTextGoesThereAndBack) {
  const Footprint footprint = footprint_of(wcs_of(Simple{}), 200, 200);
  const std::string text = s_region(footprint);
  EXPECT_EQ(text.substr(0, 13), "POLYGON ICRS ");
  const auto polygon = parse_polygon(text.substr(13));
  ASSERT_TRUE(polygon);
  EXPECT_FALSE(std::get<Polygon>(*polygon).reversed);
  const auto back = parse_s_region(text);
  ASSERT_TRUE(back);
  EXPECT_NEAR(separation(back->cap.centre, footprint.cap.centre), 0, 1e-4);
  EXPECT_EQ(back->outline.size(), 4U);

  const auto circle = parse_s_region("CIRCLE ICRS 10 20 0.5");
  ASSERT_TRUE(circle);
  EXPECT_EQ(s_region(*circle).substr(0, 11), "CIRCLE ICRS");
  EXPECT_NEAR(circle->cap.radius, 0.5, 1e-9);
  EXPECT_TRUE(parse_s_region("Polygon UNKNOWNREFPOS 1 1 1 2 2 1"));
}

TEST(Footprint, RefusesRegionsOfOtherShapesAndFrames) {
  EXPECT_FALSE(parse_s_region(""));
  EXPECT_FALSE(parse_s_region("BOX ICRS 1 2 3 4"));
  EXPECT_FALSE(parse_s_region("CIRCLE GALACTIC 1 2 3"));
  EXPECT_FALSE(parse_s_region("POLYGON ICRS 1 2 3"));
  EXPECT_FALSE(parse_s_region("CIRCLE ICRS 1 2 x"));
}

}  // namespace
}  // namespace recorte::sky
