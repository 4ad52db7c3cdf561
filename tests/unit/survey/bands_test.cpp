// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/bands.hpp"

#include <gtest/gtest.h>

namespace recorte::survey {
namespace {

TEST(Bands, WavelengthsInEveryUnit) {
  const auto near = [](std::string_view text, double min, double max) {
    const auto range = parse_wavelengths(text);
    ASSERT_TRUE(range) << range.error().message;
    EXPECT_NEAR(range->min / min, 1, 1e-9) << text;
    EXPECT_NEAR(range->max / max, 1, 1e-9) << text;
  };
  near("398..548nm", 398e-9, 548e-9);
  near(" 0.398 .. 0.548 um ", 398e-9, 548e-9);
  near("3980..5480 angstrom", 398e-9, 548e-9);
  near("500um", 500e-6, 500e-6);
  near("21cm", 0.21, 0.21);
  near("0.2m", 0.2, 0.2);
  near("1..2GHz", 0.149896229, 0.299792458);
  near("0.5..2keV", 0.619920992e-9, 2.479683969e-9);
}

TEST(Bands, WavelengthsThatAreNone) {
  for (const auto text :
       {"", "nm", "400", "400..", "548..398nm", "-1nm", "0nm", "1..2parsec", "a..bnm"})
    EXPECT_FALSE(parse_wavelengths(text)) << text;
}

TEST(Bands, FiltersAsHeadersWriteThem) {
  const std::pair<const char*, const char*> cases[] = {{"r.MP9601", "r"},
                                                       {"g.MP9401", "g"},
                                                       {"z DECam SDSS c0004 9260.0 1520.0", "z"},
                                                       {"Y DECam c0005 10095.0 1130.0", "Y"},
                                                       {"VR DECam c0007 6300.0 2600.0", "VR"},
                                                       {"SDSS g", "g"},
                                                       {"OCAM_g_SDSS", "g"},
                                                       {"HSC-G", "g"},
                                                       {"g.00000", "g"},
                                                       {"i'", "i"},
                                                       {"j", "j"},
                                                       {"Ks", "Ks"},
                                                       {"F160W", "F160W"},
                                                       {"OG590", "OG590"},
                                                       {"unwise W1", "W1"},
                                                       {"odd name here", "odd_name_here"}};
  for (const auto& [filter, band] : cases) EXPECT_EQ(band_of_filter(filter), band) << filter;
}

TEST(Bands, FiltersThatNameNone) {
  for (const auto filter :
       {"", "  ", "_unknown_", "clear", "CLEAR", "CLEAR1L", "NONE", "69", "2.5"})
    EXPECT_FALSE(band_of_filter(filter)) << filter;
}

TEST(Bands, PathsThatNameOne) {
  const std::pair<const char*, const char*> cases[] = {{"KiDS-test_g.fits", "g"},
                                                       {"unwise-1866p257-w1-img-m.fits", "W1"},
                                                       {"reprojected_sdss_i.fits.bz2", "i"},
                                                       {"tile.r.fits", "r"},
                                                       {"g/tile_001.fits", "g"},
                                                       {"deep/i/tile_g.fits", "g"}};
  for (const auto& [path, band] : cases) EXPECT_EQ(band_of_path(path), band) << path;
  for (const auto path : {"HSC-0908120-056-small.fits", "g_minus_r.fits", "Npix8.fits", ""})
    EXPECT_FALSE(band_of_path(path)) << path;
}

TEST(Bands, EveryKnownOneHasGoodWavelengths) {
  for (const auto band :
       {"u", "g", "r", "i", "z", "y", "Y", "J", "H", "K", "Ks", "W1", "W4", "FUV", "j"}) {
    const auto known = known_band(band);
    ASSERT_TRUE(known) << band;
    const auto range = parse_wavelengths(known->wavelengths);
    ASSERT_TRUE(range) << band;
    EXPECT_LT(range->min, range->max) << band;
  }
  EXPECT_FALSE(known_band("F160W"));
  EXPECT_NE(known_band("i")->wavelengths, known_band("I")->wavelengths);
}

}  // namespace
}  // namespace recorte::survey
