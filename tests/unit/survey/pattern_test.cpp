// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/pattern.hpp"

#include "core/survey/siblings.hpp"

#include <gtest/gtest.h>

namespace recorte::survey {
namespace {

std::optional<PatternMatch> match(const char* pattern, const char* path) {
  const auto parsed = Pattern::parse(pattern);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? parsed->match(path) : std::nullopt;
}

TEST(Pattern, GlobsAndTrees) {
  EXPECT_TRUE(match("*.fits", "a.fits"));
  EXPECT_FALSE(match("*.fits", "d/a.fits"));
  EXPECT_TRUE(match("**/*.fits", "a.fits"));
  EXPECT_TRUE(match("**/*.fits", "d/e/a.fits"));
  EXPECT_TRUE(match("x/**/a?.fits", "x/y/z/a1.fits"));
  EXPECT_FALSE(match("x/**/a?.fits", "x/y/z/a.fits"));
  EXPECT_FALSE(match("?.fits", "/.fits"));
}

TEST(Pattern, FieldsTakeAsLittleAsTheyCan) {
  const auto ztf = match("**/ztf_{fracday}_{field}_{band}_c{ccd}_o_q{q}_{product}.fits",
                         "2018/0101/ztf_20180101123456_000245_zg_c01_o_q2_sciimg.fits");
  ASSERT_TRUE(ztf);
  EXPECT_EQ(ztf->field("fracday"), "20180101123456");
  EXPECT_EQ(ztf->field("band"), "zg");
  EXPECT_EQ(ztf->field("ccd"), "01");
  EXPECT_EQ(ztf->field("q"), "2");
  EXPECT_EQ(ztf->field("product"), "sciimg");
  EXPECT_EQ(ztf->field("nothing"), "");
  EXPECT_EQ(match("{a}_{b}.fits", "x_y_z.fits")->field("a"), "x");
  EXPECT_FALSE(match("{a}.fits", "d/x.fits"));
  EXPECT_FALSE(match("{a}.fits", ".fits"));
}

TEST(Pattern, AFieldThatStandsTwiceAgrees) {
  EXPECT_TRUE(match("{tile}/{tile}_g.fits", "t1/t1_g.fits"));
  EXPECT_FALSE(match("{tile}/{tile}_g.fits", "t1/t2_g.fits"));
  EXPECT_EQ(match("{a}_{a}.fits", "x_y_x_y.fits")->field("a"), "x_y");
}

TEST(Pattern, SiblingsShareAFamily) {
  const auto pattern = *Pattern::parse("**/*_{product}_*.fits");
  EXPECT_EQ(pattern.match("d/a_ooi_g.fits")->family, pattern.match("d/a_oow_g.fits")->family);
  EXPECT_NE(pattern.match("d/a_ooi_g.fits")->family, pattern.match("e/a_oow_g.fits")->family);
}

TEST(Pattern, RefusesBrokenBraces) {
  for (const auto text : {"", "{band.fits", "{}.fits", "{a b}.fits"})
    EXPECT_FALSE(Pattern::parse(text)) << text;
}

TEST(Pattern, ManyStarsStayFast) {
  const std::string path(2000, 'a');
  EXPECT_FALSE(match("*a*a*a*a*a*a*a*a*a*a*a*b", path.c_str()));
}

TEST(Pattern, GlobMatch) {
  EXPECT_TRUE(glob_match("D_r*p*_g.fits.fz", "D_r4907p01_g.fits.fz"));
  EXPECT_FALSE(glob_match("D_r*p*_g.fits.fz", "D_r4907p01_r.fits.fz"));
  EXPECT_TRUE(glob_match("a\\*b", "a*b"));
  EXPECT_FALSE(glob_match("a\\*b", "axb"));
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_FALSE(glob_match("?", ""));
}

TEST(Pattern, WhatNamesHaveInCommon) {
  EXPECT_EQ(common_pattern({"c4d_1_ooi_g_x.fits", "c4d_2_oow_r.fits"}, 2, "product"),
            "**/*_*_{product}_*.fits");
  EXPECT_EQ(common_pattern({"ls-1-image-z.fits.fz", "d/ls-1-invvar-z.fits.fz"}, 2, "product"),
            "**/ls-*-{product}-*.fits.fz");
  EXPECT_EQ(common_pattern({"a_g.fits", "a_r.fits.gz"}, 1, "band"), "**/a_{band}.fits*");
  EXPECT_FALSE(common_pattern({"a_g.fits", "a-r.fits"}, 1, "band"));
  EXPECT_FALSE(common_pattern({"a_g.fits", "r.fits"}, 1, "band"));
}

}  // namespace
}  // namespace recorte::survey
