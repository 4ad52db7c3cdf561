// SPDX-License-Identifier: BSD-3-Clause
//
// The grid that images are brought onto, and how FITS is made of them where nothing is said.
#include "core/cutout/target.hpp"

#include "core/cutout/compose.hpp"
#include "fake_survey.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::cutout {
namespace {

using testing::HasSubstr;

constexpr double kArcsec = 1. / 3600;

class Targets : public testing::Test {
 protected:
  /// An image of 40 x 40 arcseconds in band g, `east` arcseconds east of RA 150, Dec 2.
  Source& add(const std::string& id, double east, std::vector<std::string> cards = {},
              test::Picture picture = {}) {
    picture.width = picture.height = 40;
    picture.ra = 150 + east * kArcsec;
    for (auto& card : cards) picture.cards.push_back(std::move(card));
    test::write_picture(directory_ / (id + ".fits"), picture);
    return fake_.add(id, "g", directory_ / (id + ".fits"));
  }
  Location locate(const std::string& request) {
    request_ = parse_canonical("survey=fake&bands=g&" + request).value();
    plugin::Call call({});
    auto found = cutout::locate(fake_.survey, request_, {}, cache_, call, {}, HowMany::kEnough);
    EXPECT_TRUE(found) << found.error().message;
    return *found;
  }
  test::TempDir directory_;
  test::FakeSurvey fake_;
  ImageCache cache_{CacheLimits{.open_files = 8}};
  CutoutRequest request_;
};

TEST_F(Targets, OneImageNeedsNoOther) {
  add("a", 0);
  add("b", 10);
  auto location = locate("ra=150&dec=2&size=20px");
  EXPECT_EQ(location.images.size(), 1U);
  EXPECT_EQ(compose(location, request_, cache_)->algorithm, "cut");
}

TEST_F(Targets, ImagesThatAddNothingAreLeftAlone) {
  add("a", 0);
  add("b", 20);
  add("c", 19);
  const auto location = locate("ra=150.0025&dec=2&size=50px,20px");
  ASSERT_EQ(location.images.size(), 2U);
  EXPECT_NEAR(location.coverage[0], 1, 1e-12);
  EXPECT_TRUE(location.warnings.empty());
}

TEST_F(Targets, OneGridIsStitched) {
  add("a", 0);
  // The same tangent point, so the same grid, 30 pixels on.
  test::Picture shifted;
  shifted.wcs = false;
  shifted.width = shifted.height = 40;
  for (const auto* line : {"CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'", "CRVAL1  = 150.0",
                           "CRVAL2  = 2.0", "CRPIX1  = -9.5", "CRPIX2  = 20.5",
                           "CD1_1   = -2.7777777777777778E-4", "CD2_2   = 2.7777777777777778E-4"})
    shifted.cards.emplace_back(line);
  test::write_picture(directory_ / "b.fits", shifted);
  fake_.add("b", "g", directory_ / "b.fits");
  auto location = locate("ra=149.9958&dec=2&size=60px,20px");
  ASSERT_EQ(location.images.size(), 2U);
  auto composition = compose(location, request_, cache_);
  ASSERT_TRUE(composition) << composition.error().message;
  EXPECT_EQ(composition->algorithm, "stitch");
  const auto& target = *composition->target;
  ASSERT_TRUE(target.input);
  const auto other = 1 - *target.input;
  ASSERT_TRUE(target.shifts[other]);
  EXPECT_EQ(std::abs(target.shifts[other]->x), 30);
  EXPECT_EQ(target.rect.width, 60);

  fake_.sources[1].zeropoint = 25;
  fake_.sources[0].zeropoint = 26;
  location = locate("ra=149.9958&dec=2&size=60px,20px");
  EXPECT_EQ(compose(location, request_, cache_)->algorithm, "mosaic") << "their counts differ";
  fake_.sources[0].zeropoint = NAN;
  location = locate("ra=149.9958&dec=2&size=60px,20px");
  EXPECT_EQ(compose(location, request_, cache_)->algorithm, "cut") << "nobody knows how";
  EXPECT_EQ(location.images.size(), 1U);
  EXPECT_THAT(location.warnings.back(), HasSubstr("zero point"));
}

TEST_F(Targets, UnitsThatDifferAreNotMixed) {
  add("a", 0).unit = "ct";
  add("b", 30).unit = "nJy";
  auto location = locate("ra=150.004&dec=2&size=60px,20px");
  EXPECT_EQ(compose(location, request_, cache_)->algorithm, "cut");
  EXPECT_THAT(location.warnings.back(), HasSubstr("units"));
}

/// A plane that only some of the images have cannot be put together.
TEST_F(Targets, APlaneThatOneImageLacksIsNotCombined) {
  add("a", 0);
  add("b", 30);
  test::write_picture(directory_ / "w.fits", {.width = 40, .height = 40});
  const auto with_weight = [&](std::size_t i) {
    fake_.sources[i].planes.push_back(
        {RECORTE_WEIGHT, -1, -1, (directory_ / "w.fits").string(), ""});
  };
  const auto algorithm = [&] {
    auto location = locate("ra=150.004&dec=2&size=60px,20px&planes=image,weight");
    auto made = compose(location, request_, cache_)->algorithm;
    return made + " " + (location.warnings.empty() ? "" : location.warnings.back());
  };
  const auto neither = algorithm();
  EXPECT_THAT(neither, testing::StartsWith("mosaic"));
  with_weight(1);
  EXPECT_THAT(algorithm(), testing::AllOf(testing::StartsWith("cut"), HasSubstr("a has no plane")));
  with_weight(0);
  EXPECT_THAT(algorithm(), testing::StartsWith("mosaic"));
}

TEST_F(Targets, AWordOfResamplingIsAMosaic) {
  add("a", 0);
  for (const auto* word : {"pixscale=2arcsec", "north=up", "width=5", "param=kernel=nearest"}) {
    auto location = locate(std::string("ra=150&dec=2&size=20px&") + word);
    EXPECT_EQ(compose(location, request_, cache_)->algorithm, "mosaic") << word;
  }
}

TEST_F(Targets, AStampIsAsLargeAsAskedFor) {
  add("a", 0);
  auto location = locate("ra=150.005&dec=2&size=30px&pixscale=0.5arcsec");
  auto target = make_target(location, request_).value();
  EXPECT_EQ(target.rect, (sky::PixelRect{0, 0, 30, 30}));
  const auto middle = target.wcs.to_sky(sky::Pixel{14.5, 14.5});
  EXPECT_NEAR(middle.ra, 150.005, 1e-12);
  EXPECT_NEAR(middle.dec, 2, 1e-12);
  EXPECT_NEAR(target.wcs.scale_x(), 0.5 * kArcsec, 1e-15);
  location = locate("ra=150&dec=2&size=21arcsec&pixscale=0.5arcsec");
  EXPECT_EQ(make_target(location, request_)->rect.width, 42);
}

TEST_F(Targets, ARegionEndsWhereImagesDo) {
  add("a", 0);
  const auto location = locate("circle=150.005%202%200.01");
  const auto target = make_target(location, request_).value();
  ASSERT_TRUE(target.input);
  EXPECT_GE(target.rect.x, 0);
  EXPECT_LE(target.rect.x + target.rect.width, 40);
  EXPECT_EQ(target.rect.height, 40);
}

TEST_F(Targets, WidthAndHeightBoundAndNeverEnlarge) {
  add("a", 0);
  auto location = locate("ra=150&dec=2&size=40px,20px&width=10");
  auto target = make_target(location, request_).value();
  EXPECT_EQ(target.rect, (sky::PixelRect{0, 0, 10, 5}));
  EXPECT_NEAR(target.wcs.scale_x(), 4 * kArcsec, 1e-12);
  const auto middle = target.wcs.to_sky(sky::Pixel{4.5, 2});
  const auto& own = *location.images[0].image->wcs;
  const auto there = own.to_pixel(middle);  // of a stamp of 40 x 20 about the middle of 40 x 40
  EXPECT_NEAR(there.x, 19.5, 1e-6);
  EXPECT_NEAR(there.y, 19.5, 0.51);
  location = locate("ra=150&dec=2&size=40px&width=100&height=200");
  EXPECT_EQ(make_target(location, request_)->rect.width, 40);
}

TEST_F(Targets, ADistortionIsNotBelievedBeyondItsImage) {
  const std::vector<std::string> sip{
      "A_ORDER =                    2", "B_ORDER =                    2",
      "A_2_0   =               1.0E-4", "B_0_2   =               1.0E-4"};
  add("a", 0, sip);
  auto location = locate("ra=150&dec=2&size=20px");
  EXPECT_TRUE(make_target(location, request_)->input) << "inside it is its own grid";
  location = locate("ra=150&dec=2&size=60px");
  const auto target = make_target(location, request_).value();
  EXPECT_FALSE(target.input);
  EXPECT_FALSE(target.wcs.distorted());
  EXPECT_EQ(target.cards.text("CTYPE1"), "RA---TAN");
}

TEST_F(Targets, NorthIsUpWhereAskedFor) {
  add("a", 0);
  const auto location = locate("ra=150&dec=2&size=20px&north=up");
  const auto target = make_target(location, request_).value();
  EXPECT_EQ(target.cards.number("CD1_2"), 0);
  EXPECT_LT(*target.cards.number("CD1_1"), 0);
  EXPECT_GT(*target.cards.number("CD2_2"), 0);
}

}  // namespace
}  // namespace recorte::cutout
