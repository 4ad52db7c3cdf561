// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/demo_sky.hpp"

#include "core/base/io.hpp"
#include "survey.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace recorte::demo::test {
namespace {

namespace fs = std::filesystem;

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

TEST(DemoSky, HasEveryTileInEveryBandAndStaysSmall) {
  std::set<std::string> expected;
  for (int tile = 1; tile <= 7; ++tile) {
    for (const auto* band : {"g", "r", "i"}) {
      expected.insert("demo_T000" + std::to_string(tile) + "_" + band + ".fits");
    }
  }
  EXPECT_EQ(names_in(survey()), expected);
  std::uintmax_t total = 0;
  for (const auto& name : expected) total += fs::file_size(survey() / name);
  EXPECT_LT(total, 40'000'000U);
}

TEST(DemoSky, IsTheSameEveryTimeAndReplacesWhatIsThere) {
  const auto again = scratch() / "made" / "again";
  fs::create_directories(again);
  ASSERT_TRUE(write_file(again / "demo_T0001_g.fits", "something else"));
  ASSERT_TRUE(make_demo_sky(again));
  EXPECT_EQ(names_in(again), names_in(survey()));
  for (const auto& name : names_in(survey())) {
    EXPECT_TRUE(read_file(again / name).value() == read_file(survey() / name).value()) << name;
  }
}

TEST(DemoSky, RefusesADirectoryThatCannotBe) {
  survey();
  const auto made = make_demo_sky(survey() / "demo_T0001_g.fits" / "below");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(made.error().message, testing::HasSubstr("demo_T0001_g.fits/below"));
}

TEST(DemoSky, PrimariesCarryTheExposure) {
  const std::string file = "demo_T0003_r.fits";
  EXPECT_EQ(keyword(file, 0, "NAXIS"), "0");
  EXPECT_EQ(keyword(file, 0, "SURVEY"), "demo");
  EXPECT_EQ(keyword(file, 0, "TILENAME"), "T0003");
  EXPECT_EQ(keyword(file, 0, "FILTER"), "r DemoCam 6400.0 1500.0");
  EXPECT_EQ(keyword(file, 0, "DATE-OBS"), "2024-01-10T01:22:00");
  EXPECT_EQ(keyword(file, 0, "DATE-END"), "2024-01-10T01:23:30");
  EXPECT_NEAR(std::stod(keyword(file, 0, "MJD-OBS")), 60319.0569444, 1e-6);
  EXPECT_EQ(std::stod(keyword(file, 0, "EXPTIME")), 90);
  EXPECT_EQ(std::stod(keyword(file, 0, "MAGZP")), 30);
  EXPECT_EQ(keyword(file, 0, "BUNIT"), "ct");
  EXPECT_EQ(keyword(file, 0, "PROCVER"), "1.0");
  for (int hdu = 0; hdu < 4; ++hdu) EXPECT_EQ(keyword(file, hdu, "DATE"), "") << hdu;
}

TEST(DemoSky, TilesDiffer) {
  const auto plain = read_plane("T0002", "g", "SCI");
  EXPECT_FALSE(plain.compressed);
  EXPECT_EQ(keyword("demo_T0002_g.fits", 1, "CTYPE1"), "RA---TAN");
  EXPECT_TRUE(read_plane("T0005", "g", "SCI").compressed);
  EXPECT_EQ(keyword("demo_T0005_g.fits", 1, "ZQUANTIZ"), "SUBTRACTIVE_DITHER_1");
  EXPECT_EQ(keyword("demo_T0005_g.fits", 1, "ZDITHER0"), "2024");
  EXPECT_EQ(keyword("demo_T0006_g.fits", 1, "CTYPE1"), "RA---TPV");
  EXPECT_NEAR(std::stod(keyword("demo_T0007_g.fits", 1, "CD1_2")), 0.5 / 3600 * 0.390731, 1e-9);

  // The distortion moves the corners by pixels: without it they would be 424 half-arcseconds away.
  const auto wcs = read_plane("T0006", "g", "SCI").wcs();
  const auto corner = sky::to_vector(wcs.to_sky({0, 0}));
  const auto centre = sky::to_vector(wcs.to_sky({299.5, 299.5}));
  const double pixels = sky::separation(corner, centre) * 3600 / 0.5;
  EXPECT_NEAR(pixels, 423.6 + 11.7, 0.5);
}

TEST(DemoSky, OneTileLiesAcrossRightAscensionZero) {
  const auto wcs = read_plane("T0001", "g", "SCI").wcs();
  const auto east = wcs.to_sky({0, 300});
  const auto west = wcs.to_sky({599, 300});
  EXPECT_NEAR(east.ra, 0.0223, 0.001);
  EXPECT_NEAR(west.ra, 359.9377, 0.001);
}

TEST(DemoSky, ExampleIsABrightGalaxyInsideATileInEveryBand) {
  for (const auto* band : {"g", "r", "i"}) {
    const auto plane = read_plane("T0002", band, "SCI");
    const auto [x, y] = plane.wcs().to_pixel(sky::Position{kExampleRa, kExampleDec});
    ASSERT_GT(std::min(x, y), 130);  // a cutout of two arcminutes needs 120 pixels each way
    ASSERT_LT(std::max(x, y), 470);
    double sum = 0;
    for (int dy = -20; dy <= 20; ++dy) {
      for (int dx = -20; dx <= 20; ++dx) {
        const float value = plane.at(static_cast<int>(x) + dx, static_cast<int>(y) + dy);
        if (std::isfinite(value)) sum += value;
      }
    }
    EXPECT_GT(sum, 5e5) << band;  // magnitude 15.75
  }
}

class DemoPlanes : public testing::TestWithParam<const char*> {};

TEST_P(DemoPlanes, AgreeAboutWhatIsBadAndHowNoisyTheRestIs) {
  const auto image = read_plane(GetParam(), "r", "SCI");
  const auto mask = read_plane(GetParam(), "r", "MSK");
  const auto weight = read_plane(GetParam(), "r", "WGT");
  EXPECT_EQ(image.bitpix, -32);
  EXPECT_EQ(mask.bitpix, 16);
  EXPECT_EQ(weight.bitpix, -32);
  ASSERT_EQ(image.pixels.size(), 360000U);
  ASSERT_EQ(mask.pixels.size(), image.pixels.size());
  ASSERT_EQ(weight.pixels.size(), image.pixels.size());

  int flags = 0, disagreements = 0;
  std::vector<double> deviations;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const int flag = static_cast<int>(mask.pixels[i]);
    flags |= flag;
    disagreements += (flag != 0) != (weight.pixels[i] == 0);
    disagreements += ((flag & 2) != 0) != std::isnan(image.pixels[i]);
    disagreements += (flag & ~7) != 0;
    disagreements += flag == 0 && !(image.pixels[i] <= 60001);
    if (flag == 0) deviations.push_back(std::abs(image.pixels[i]) * std::sqrt(weight.pixels[i]));
  }
  EXPECT_EQ(flags, 7) << "saturated, bad columns and cosmic rays";
  EXPECT_EQ(disagreements, 0);
  const auto middle = deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2);
  std::nth_element(deviations.begin(), middle, deviations.end());
  EXPECT_NEAR(*middle / 0.6745, 1, 0.12);  // sources add a little
}

// Plain, planes compressed, all compressed, rotated.
INSTANTIATE_TEST_SUITE_P(Tiles, DemoPlanes, testing::Values("T0002", "T0003", "T0005", "T0007"));

}  // namespace
}  // namespace recorte::demo::test
