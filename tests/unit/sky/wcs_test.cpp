// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/wcs.hpp"

#include "tests/unit/sky/headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <thread>
#include <vector>

namespace recorte::sky {
namespace {

using test::Simple;
using test::wcs_of;
using testing::HasSubstr;

double worst_round_trip(const Wcs& wcs, double size) {
  std::mt19937 engine(2);
  std::uniform_real_distribution<double> at(0, size);
  std::vector<double> xy, radec(2000), back(2000);
  for (int i = 0; i < 2000; ++i) xy.push_back(at(engine));
  wcs.to_sky(xy, radec);
  wcs.to_pixel(radec, back);
  double worst = 0;
  for (std::size_t i = 0; i < xy.size(); ++i) {
    if (std::isnan(back[i])) return NAN;
    worst = std::max(worst, std::abs(back[i] - xy[i]));
  }
  return worst;
}

TEST(Wcs, CountsPixelsFromZero) {
  const Wcs wcs = wcs_of(Simple{});
  const Position p = wcs.to_sky(Pixel{99.5, 99.5});
  EXPECT_NEAR(p.ra, 150, 1e-12);
  EXPECT_NEAR(p.dec, 2, 1e-12);
}

TEST(Wcs, RoundTripsThroughDistortion) {
  Simple s;
  s.ra = 5;  // small right ascensions, for doubles to hold more of a pixel
  s.scale = 0.002;
  EXPECT_LT(worst_round_trip(wcs_of(s), 200), 1e-9);
  s.projection = "TAN-SIP";
  s.more = test::kSip;
  EXPECT_LT(worst_round_trip(wcs_of(s), 200), 1e-9);
  s.projection = "TPV";
  s.more = test::kTpv;
  EXPECT_LT(worst_round_trip(wcs_of(s), 200), 1e-9);
}

TEST(Wcs, TakesScampsTanWithPvForTpv) {
  Simple s;
  s.scale = 0.005;
  s.more = test::kTpv;
  s.projection = "TPV";
  const Position tpv = wcs_of(s).to_sky(Pixel{10, 20});
  s.projection = "TAN";
  const Position scamp = wcs_of(s).to_sky(Pixel{10, 20});
  EXPECT_EQ(tpv, scamp);
  s.more = "";
  const Position plain = wcs_of(s).to_sky(Pixel{10, 20});
  EXPECT_NE(plain, tpv);
  s.projection = "TPV";  // linear terms are 1 where they are not written
  EXPECT_LT(separation(to_vector(wcs_of(s).to_sky(Pixel{10, 20})), to_vector(plain)), 1e-12);
}

TEST(Wcs, AppliesTpvInDegreesWhateverFormTheMatrixHas) {
  const auto lines = [](const std::string& matrix) {
    return "CTYPE1  = 'RA---TPV'\nCTYPE2  = 'DEC--TPV'\nCRVAL1  = 150\nCRVAL2  = 2\nCRPIX1  = 100\n"
           "CRPIX2  = 100\n" +
           matrix + test::kTpv;
  };
  const Wcs cd =
      wcs_of(lines("CD1_1   = -0.0016\nCD1_2   = 0.0012\nCD2_1   = 0.0006\nCD2_2   = 0.0008\n"));
  const Wcs pc = wcs_of(
      lines("CDELT1  = -0.002\nCDELT2  = 0.001\nPC1_1   = 0.8\nPC1_2   = -0.6\nPC2_1   = 0.6\n"
            "PC2_2   = 0.8\n"));
  // CROTA2 turns after CDELTi: the same matrix needs equal sizes.
  const Wcs rotated = wcs_of(lines("CDELT1  = -0.002\nCDELT2  = 0.002\nCROTA2  = 90\n"));
  const Wcs turned =
      wcs_of(lines("CD1_1   = 0\nCD1_2   = -0.002\nCD2_1   = -0.002\nCD2_2   = 0\n"));
  const Pixel at{10, 20};
  EXPECT_LT(separation(to_vector(cd.to_sky(at)), to_vector(pc.to_sky(at))), 1e-12);
  EXPECT_LT(separation(to_vector(rotated.to_sky(at)), to_vector(turned.to_sky(at))), 1e-12);
  EXPECT_LT(separation(to_vector(cd.to_sky(at)), to_vector({150, 2})), 0.3);
  EXPECT_NEAR(pc.to_pixel(pc.to_sky(at)).x, 10, 1e-8);
  EXPECT_NEAR(pc.scale_x(), cd.scale_x(), 1e-15);
}

TEST(Wcs, AppliesSipWithoutItsSuffixAndNotTheSuffixWithoutSip) {
  Simple s;
  s.projection = "TAN-SIP";
  const Position bare = wcs_of(s).to_sky(Pixel{10, 20});
  s.more = test::kSip;
  const Position sip = wcs_of(s).to_sky(Pixel{10, 20});
  s.projection = "TAN";
  EXPECT_EQ(wcs_of(s).to_sky(Pixel{10, 20}), sip);
  s.more = "";
  EXPECT_EQ(wcs_of(s).to_sky(Pixel{10, 20}), bare);
  EXPECT_NE(sip, bare);
}

TEST(Wcs, DropsScampBesideSip) {
  Simple s;
  s.projection = "TAN-SIP";
  s.more = test::kSip;
  const Position sip = wcs_of(s).to_sky(Pixel{10, 20});
  s.more += "PV1_1   = 1.1\nPV1_2   = 0.1\nPV2_1   = 1.1\n";
  EXPECT_EQ(wcs_of(s).to_sky(Pixel{10, 20}), sip);
}

TEST(Wcs, FindsNoPixelOnTheFarSideOfTan) {
  const Wcs wcs = wcs_of(Simple{});
  EXPECT_TRUE(std::isnan(wcs.to_pixel({330, -2}).x));
  EXPECT_TRUE(std::isnan(wcs.to_pixel({330, -2}).y));
  EXPECT_TRUE(std::isnan(wcs.to_pixel({NAN, 1}).x));
  EXPECT_TRUE(std::isnan(wcs.to_sky(Pixel{INFINITY, 1}).ra));
}

TEST(Wcs, BadPointsInABatchSpoilNoOthers) {
  const Wcs wcs = wcs_of(Simple{});
  const std::vector<double> radec{150, 2, 330, -2, NAN, 0, 150, 2.01};
  std::vector<double> xy(radec.size());
  wcs.to_pixel(radec, xy);
  EXPECT_NEAR(xy[0], 99.5, 1e-7);
  EXPECT_TRUE(std::isnan(xy[2]));
  EXPECT_TRUE(std::isnan(xy[4]));
  EXPECT_NEAR(xy[7], 99.5 + 36, 1e-3);
}

TEST(Wcs, RowsAndColumnsOfPixelsAreAsPointsAre) {
  // WCSLIB 7.12 answers wrongly for the first three where all points share a coordinate.
  for (const char* projection : {"HPX", "TSC", "QSC", "AIT", "CAR", "TAN"}) {
    SCOPED_TRACE(projection);
    Simple s;
    s.projection = projection;
    s.dec = 0;
    s.scale = 1.5;
    s.crpix1 = 121.3;
    s.crpix2 = 60.7;
    const Wcs wcs = wcs_of(s);
    for (int k = 0; k < 120; k += 7) {
      std::vector<double> line, sky(480);
      for (int i = 0; i < 120; ++i) line.insert(line.end(), {2.0 * i, 1.0 * k});
      for (int i = 0; i < 120; ++i) line.insert(line.end(), {2.0 * k, 1.0 * i});
      wcs.to_sky(std::span(line).first(240), std::span(sky).first(240));
      wcs.to_sky(std::span(line).last(240), std::span(sky).last(240));
      for (std::size_t i = 0; i < line.size(); i += 2) {
        const Position one = wcs.to_sky(Pixel{line[i], line[i + 1]});
        ASSERT_EQ(std::isnan(one.ra), std::isnan(sky[i])) << line[i] << " " << line[i + 1];
        if (!std::isnan(one.ra)) {
          ASSERT_LT(separation(to_vector(one), to_vector({sky[i], sky[i + 1]})), 1e-11);
        }
      }
    }
  }
}

TEST(Wcs, RightAscensionIsNeverNegative) {
  Simple s;
  s.ra = 0;
  const Wcs wcs = wcs_of(s);
  for (double x = 0; x < 200; x += 0.5) {
    const double ra = wcs.to_sky(Pixel{x, 3}).ra;
    EXPECT_GE(ra, 0);
    EXPECT_LT(ra, 360);
  }
}

TEST(Wcs, HoldsOtherAxesAtTheirReference) {
  const Simple s;
  const Position plain = wcs_of(s).to_sky(Pixel{3, 4});
  for (const char* more :
       {"CTYPE3  = 'FREQ'\nCRVAL3  = 1.4E9\nCDELT3  = 1E6\nCRPIX3  = 1\nCTYPE4  = 'STOKES'\nCRVAL4 "
        " = 1\n",
        "CTYPE3  = ''\nCRPIX3  = 7\n", "CTYPE3  = 'LAMBDA'\nCUNIT3  = 'bananas'\nCDELT3  = 0\n",
        "WCSAXES = 3\nCD3_3   = 0.5\nCD3_1   = 0.25\nCTYPE3  = 'VELO-LSR'\n"}) {
    SCOPED_TRACE(more);
    auto cube = s;
    cube.more = more;
    EXPECT_LT(separation(to_vector(wcs_of(cube).to_sky(Pixel{3, 4})), to_vector(plain)), 1e-12);
  }
}

TEST(Wcs, TakesSwappedAxesAndOddUnits) {
  const std::string swapped =
      "CTYPE1  = 'DEC--TAN'\nCTYPE2  = 'RA---TAN'\nCRVAL1  = 2\nCRVAL2  = 150\nCRPIX1  = 5\n"
      "CRPIX2  = 5\nCD1_1   = 1E-4\nCD2_2   = -2E-4\n";
  const Wcs wcs = wcs_of(swapped);
  EXPECT_NEAR(wcs.to_sky(Pixel{4, 4}).ra, 150, 1e-10);
  EXPECT_NEAR(wcs.to_sky(Pixel{14, 4}).dec, 2.001, 1e-9);
  EXPECT_NEAR(wcs.scale_y(), 2e-4, 1e-16);
  EXPECT_TRUE(Wcs::parse(test::cards(swapped + "CUNIT1  = 'DEGREES '\nCUNIT2  = 'oops'\n")));
}

TEST(Wcs, ScalesAreColumnNorms) {
  Simple s;
  s.rotation = 40;
  const Wcs wcs = wcs_of(s);
  EXPECT_NEAR(wcs.scale_x() * 3600, 1, 1e-12);
  EXPECT_NEAR(wcs.scale_y() * 3600, 1, 1e-12);
}

TEST(Wcs, RefusesHeadersWithoutASky) {
  EXPECT_FALSE(Wcs::parse(""));
  EXPECT_FALSE(Wcs::parse(test::cards("SIMPLE  = T\nNAXIS   = 2\n")));
  const auto linear = Wcs::parse(test::cards("CTYPE1  = 'WAVE'\nCTYPE2  = 'PIXEL'\n"));
  ASSERT_FALSE(linear);
  EXPECT_EQ(linear.error().code, ErrorCode::kData);
  EXPECT_THAT(linear.error().message, HasSubstr("celestial"));
  EXPECT_FALSE(Wcs::parse(test::cards("CTYPE1  = 'RA---TAN'\nCTYPE2  = 'GLAT-TAN'\n")));
  const auto refused = Wcs::parse(
      test::cards("CTYPE1  = 'RA---TAN'\nCTYPE2  = 'DEC--TAN'\nCD1_1   = 1E-4\nCD1_2   = 1E-4\n"
                  "CD2_1   = 1E-4\nCD2_2   = 1E-4\n"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kData);
}

TEST(Wcs, KnowsWhereSeamsAre) {
  Simple s;
  EXPECT_FALSE(wcs_of(s).has_seams());
  EXPECT_LT(separation(*wcs_of(s).antipode(), to_vector({330, -2})), 1e-12);
  s.projection = "HPX";
  EXPECT_TRUE(wcs_of(s).has_seams());
  EXPECT_FALSE(wcs_of(s).antipode());
}

TEST(Wcs, CopiesWorkInSeveralThreads) {
  Simple s;
  s.projection = "TPV";
  s.more = test::kTpv;
  const Wcs wcs = wcs_of(s);
  const Position expected = wcs.to_sky(Pixel{7, 8});
  std::vector<std::thread> threads;
  std::array<int, 4> wrong{};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&wrong, t, wcs, expected] {
      for (int i = 0; i < 500; ++i) {
        wrong[t] += !(wcs.to_sky(Pixel{7, 8}) == expected);
        wrong[t] += !(std::abs(wcs.to_pixel(expected).x - 7) < 1e-6);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, (std::array<int, 4>{}));
}

TEST(Wcs, RefusesAMatrixOfZeros) {
  Simple zeros;
  zeros.scale = 0;
  const auto refused = Wcs::parse(test::cards(test::lines_of(zeros)));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("all zeros"));
}

}  // namespace
}  // namespace recorte::sky
