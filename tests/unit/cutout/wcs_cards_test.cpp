// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/wcs_cards.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::cutout {
namespace {

std::vector<std::string> kept(const std::vector<std::string>& keywords) {
  std::string cards;
  for (const auto& keyword : keywords) {
    auto name = keyword;
    name.resize(8, ' ');
    cards += test::card(name + "=                    1");
  }
  std::vector<std::string> out;
  const auto header = wcs_cards(fits::Header::parse(cards));
  for (const auto& c : header.cards()) out.push_back(fits::Header::keyword_of(c));
  return out;
}

TEST(WcsCards, AreKeptInOrder) {
  const std::vector<std::string> all{
      "WCSAXES", "CTYPE1",   "CTYPE2",   "CUNIT1",  "CRVAL1",   "CRPIX2",  "CDELT1",
      "CROTA2",  "CD1_1",    "CD2_1",    "PC1_2",   "PV1_0",    "PV2_39",  "PS1_1",
      "RADESYS", "RADECSYS", "EQUINOX",  "LONPOLE", "LATPOLE",  "A_ORDER", "A_0_2",
      "B_ORDER", "B_1_1",    "AP_ORDER", "AP_0_1",  "BP_ORDER", "BP_1_0"};
  EXPECT_EQ(kept(all), all);
}

TEST(WcsCards, TheRestIsNot) {
  EXPECT_THAT(kept({"SIMPLE",  "BITPIX", "NAXIS", "NAXIS1",  "EXTNAME", "FILTER", "EXPTIME",
                    "BSCALE",  "BLANK",  "CD",    "PC",      "PV",      "CTYPE",  "CTYPE1A",
                    "CRVAL1B", "CDS",    "PVX",   "PCOUNT",  "A_MAX",   "CRPIXX", "DATE-OBS",
                    "MJD-OBS", "ABMAG0", "PSF",   "CDELTA1", "AP_",     "BUNIT",  "HISTORY"}),
              testing::IsEmpty());
}

TEST(WcsCards, ValuesAreUntouched) {
  const auto one = test::card("CRVAL1  =      1.234567890123D+02 / comment");
  EXPECT_THAT(wcs_cards(fits::Header::parse(one)).cards(), testing::ElementsAre(one));
  EXPECT_TRUE(wcs_cards({}).cards().empty());
}

}  // namespace
}  // namespace recorte::cutout
