// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/frame.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <random>

namespace recorte::sky {
namespace {

Position to_icrs(const Frame& frame, Position p) {
  double lonlat[2] = {p.ra, p.dec};
  frame.to_icrs(lonlat);
  return {lonlat[0], lonlat[1]};
}

double apart(const Position& a, const Position& b) {
  return separation(to_vector(a), to_vector(b));
}

TEST(Frame, DefaultsAreThoseOfTheStandard) {
  EXPECT_TRUE(Frame::make("RA", "", {})->identity());
  EXPECT_TRUE(Frame::make("RA", "ICRS", 1950)->identity());
  const Position p{150, 2};
  const auto same = [&](const Frame& a, const Frame& b) {
    return apart(to_icrs(a, p), to_icrs(b, p)) < 1e-12;
  };
  EXPECT_TRUE(same(*Frame::make("RA", "", 2000), *Frame::make("RA", "FK5", {})));
  EXPECT_TRUE(same(*Frame::make("RA", "", 1950), *Frame::make("RA", "FK4", {})));
  EXPECT_TRUE(same(*Frame::make("RA", "", 1984), *Frame::make("RA", "FK5", 1984)));
  EXPECT_FALSE(same(*Frame::make("RA", "FK4", {}), *Frame::make("RA", "FK4-NO-E", {})));
}

TEST(Frame, GoesThereAndBack) {
  std::mt19937 engine(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (const auto& frame : {*Frame::make("RA", "FK5", 2000), *Frame::make("RA", "FK5", 1975.5),
                            *Frame::make("RA", "FK4", 1950), *Frame::make("RA", "FK4", 1875),
                            *Frame::make("RA", "FK4-NO-E", 1950), *Frame::make("GLON", "", {}),
                            *Frame::make("ELON", "", {}), *Frame::make("ELON", "FK5", 2015),
                            *Frame::make("ELON", "FK4", 1950)})
    for (int i = 0; i < 200; ++i) {
      const Position p{360 * unit(engine), std::asin(2 * unit(engine) - 1) / kDegree};
      double lonlat[2] = {p.ra, p.dec};
      frame.to_icrs(lonlat);
      frame.from_icrs(lonlat);
      EXPECT_LT(apart(p, {lonlat[0], lonlat[1]}), 1e-12);
    }
}

TEST(Frame, Fk5DiffersFromIcrsByMilliarcseconds) {
  const auto fk5 = *Frame::make("RA", "FK5", 2000);
  EXPECT_NEAR(apart(to_icrs(fk5, {90, 0}), {90, 0}) * 3.6e6, std::hypot(22.9, 19.9), 0.1);
}

TEST(Frame, Fk5OfDatePrecessesAsIau1976) {
  // Meeus, Astronomical Algorithms, example 21.b without its proper motion: theta Persei, J2000 to
  // 2028 November 13.19; from FK5 of that date back to J2000.
  const double year = 2000 + (2462088.69 - 2451545.0) / 365.25;
  const Position there{41.547214, 49.348483};
  const Position start{41.054063, 49.227750};
  const Position expected = to_icrs(*Frame::make("RA", "FK5", 2000), start);
  EXPECT_LT(apart(to_icrs(*Frame::make("RA", "FK5", year), there), expected), 1e-6);
}

TEST(Frame, Fk4AgreesWithASofaStar) {
  // From the test suite of SOFA's iauFk45z, B1950 epoch 1954.677617625256806.
  // At epoch 1950 the fictitious proper motion differs by 0.3 mas a year: 2 mas.
  const double radian = 180 / std::numbers::pi;
  const Position fk4{0.01602284975382960982 * radian, -0.1164347929099906024 * radian};
  const Position fk5{0.02719295911606862303 * radian, -0.1115766001565926892 * radian};
  EXPECT_LT(apart(to_icrs(*Frame::make("RA", "FK4", 1950), fk4), fk5) * 3.6e6, 40);
}

TEST(Frame, GalacticCentreAndPoleAreWhereTheyAre) {
  const auto galactic = *Frame::make("GLON", "", {});
  EXPECT_LT(apart(to_icrs(galactic, {0, 0}), {266.40499, -28.93617}), 2e-5);
  EXPECT_LT(apart(to_icrs(galactic, {0, 90}), {192.85948, 27.12825}), 2e-5);
}

TEST(Frame, EclipticPoleIsTiltedByTheObliquity) {
  const auto ecliptic = *Frame::make("ELON", "", {});
  // IAU 2006 obliquity at J2000: 84381.406 arcseconds.
  EXPECT_LT(apart(to_icrs(ecliptic, {0, 90}), {270, 90 - 84381.406 / 3600}), 2e-5);
  EXPECT_LT(apart(to_icrs(ecliptic, {0, 0}), {0, 0}), 2e-5);
}

TEST(Frame, AnEclipticBelongsToItsReferenceSystem) {
  const auto pole = [](const char* system, std::optional<double> equinox) {
    return to_icrs(*Frame::make("ELON", system, equinox), {0, 90});
  };
  // ICRS has no equinox.
  EXPECT_LT(apart(pole("ICRS", 1950), pole("ICRS", {})), 1e-12);
  EXPECT_LT(apart(pole("", {}), pole("ICRS", {})), 1e-12);
  // The obliquities of IAU 1980 and 2006 are 42 milliarcseconds apart, FK5 and ICRS some 20.
  EXPECT_NEAR(apart(pole("FK5", 2000), pole("ICRS", {})) * 3.6e6, 58, 3);
  EXPECT_LT(apart(pole("", 2000), pole("FK5", {})), 1e-12);
  EXPECT_LT(apart(pole("", 1950), pole("FK4", {})), 1e-12);
  // The pole of B1950 (270, 66.5542) in FK4: it must not matter which way one goes there.
  const Position there =
      to_icrs(*Frame::make("RA", "FK4-NO-E", 1950), {270, 90 - 84404.855 / 3600});
  EXPECT_LT(apart(pole("FK4-NO-E", 1950), there) * 3.6e6, 1);
  const double e_terms = apart(pole("FK4", 1950), pole("FK4-NO-E", 1950)) * 3600;
  EXPECT_GT(e_terms, 0.3);
  EXPECT_LT(e_terms, 0.35);
}

TEST(Frame, RefusesFramesWithoutAPlaceOnTheSky) {
  const auto solar = Frame::make("HPLN", "", {});
  ASSERT_FALSE(solar);
  EXPECT_NE(solar.error().message.find("HPLN"), std::string::npos);
}

}  // namespace
}  // namespace recorte::sky
