// SPDX-License-Identifier: BSD-3-Clause
//
// That astropy's WCS agrees on every real file is in astropy_test.cpp.
#include "core/fits/cutout_header.hpp"

#include "fixtures.hpp"

namespace recorte::fits {
namespace {

using test::card;

Header of(const std::vector<std::string>& cards) {
  std::string all;
  for (const auto& text : cards) all += card(text);
  return Header::parse(all);
}

TEST(CutoutHeader, ShiftsEveryWcsAndNothingElse) {
  const auto cut = cutout_header(
      of({"CRPIX1  = 100.5", "CRPIX2  = 50", "CRPIX3  = 7", "CRPIX1A = -3.25", "CRPIX2A = 0.",
          "CRPIX1Z = 1", "CRVAL1  = 10.", "LTV1    = -20.", "LTV2    = 0.5", "LTM1_1  = 1.",
          "CNPIX1  = 1000", "DATASEC = '[1:10,1:10]'", "CRPIX1X = 'text'"}),
      {10, -20, 5, 5});
  EXPECT_EQ(cut.number("CRPIX1"), 90.5);
  EXPECT_EQ(cut.number("CRPIX2"), 70.0);
  EXPECT_EQ(cut.number("CRPIX3"), 7.0);
  EXPECT_EQ(cut.number("CRPIX1A"), -13.25);
  EXPECT_EQ(cut.number("CRPIX2A"), 20.0);
  EXPECT_EQ(cut.number("CRPIX1Z"), -9.0);
  EXPECT_EQ(cut.number("CRVAL1"), 10.0);
  EXPECT_EQ(cut.number("LTV1"), -30.0);
  EXPECT_EQ(cut.number("LTV2"), 20.5);
  EXPECT_EQ(cut.number("CNPIX1"), 1010.0);
  EXPECT_EQ(cut.text("DATASEC"), "[1:10,1:10]");
  EXPECT_EQ(cut.text("CRPIX1X"), "text");
  EXPECT_FALSE(cut.has("CNPIX2"));
}

TEST(CutoutHeader, WritesTheOriginThatStoodByDefault) {
  const auto cut =
      cutout_header(of({"CTYPE1  = 'RA---TAN'", "CRVAL1B = 2", "LTM2_2  = 0.5"}), {3, 4, 5, 6});
  EXPECT_EQ(cut.number("CRPIX1"), -3.0);
  EXPECT_EQ(cut.number("CRPIX2"), -4.0);
  EXPECT_EQ(cut.number("CRPIX2B"), -4.0);
  EXPECT_FALSE(cut.has("CRPIX1A"));
  EXPECT_FALSE(cut.has("LTV1"));
  EXPECT_EQ(cut.number("LTV2"), -4.0);
  EXPECT_TRUE(cutout_header(of({"OBJECT  = 'x'"}), {3, 4, 5, 6}).cards().size() == 1);
}

TEST(CutoutHeader, DropsTheLayoutAndKeepsTheMeaning) {
  const auto cut =
      cutout_header(of({"SIMPLE  = T",     "BITPIX  = 16",  "NAXIS   = 2",           "NAXIS1  = 9",
                        "NAXIS12 = 9",     "EXTEND  = T",   "PCOUNT  = 0",           "GCOUNT  = 1",
                        "CHECKSUM= 'x&'",  "CONTINUE  'y'", "DATASUM = '1'",         "ZIMAGE  = T",
                        "ZNAXIS1 = 1",     "ZTILE2  = 1",   "ZQUANTIZ= 'NO_DITHER'", "INHERIT = T",
                        "THEAP   = 1",     "BSCALE  = 2.",  "BZERO   = 1",           "BLANK   = -1",
                        "EXTNAME = 'SCI'", "EXTVER  = 2",   "ZP      = 25",          "NAXISX  = 1",
                        "COMMENT kept"}),
                    {1, 1, 1, 1});
  std::string keywords;
  for (const auto& text : cut.cards()) keywords += Header::keyword_of(text) + " ";
  EXPECT_EQ(keywords, "BSCALE BZERO BLANK EXTNAME EXTVER ZP NAXISX COMMENT ");
}

}  // namespace
}  // namespace recorte::fits
