// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/band_choice.hpp"

#include "fake_survey.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::cutout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Bands : testing::Test {
  Bands() { fake.survey.bands.push_back({"clear", NAN, NAN}); }

  static CutoutRequest request(const std::string& more) {
    return parse_canonical("survey=fake&ra=150&dec=2&size=6px" + more).value();
  }
  std::vector<std::string> names(const std::string& more) const {
    std::vector<std::string> out;
    const auto bands = bands_of(fake.survey, request(more));
    EXPECT_TRUE(bands) << bands.error().message;
    if (bands)
      for (const auto& band : *bands) out.push_back(band.name);
    return out;
  }
  CutoutRequest settled(const std::string& more) const {
    auto out = request(more);
    const auto done = settle_bands(fake.survey, out);
    EXPECT_TRUE(done) << done.error().message;
    return out;
  }
  test::FakeSurvey fake;
};

TEST_F(Bands, AreAllOrThoseNamed) {
  EXPECT_THAT(names(""), ElementsAre("g", "r", "clear"));
  EXPECT_THAT(names("&bands=R,g"), ElementsAre("r", "g"));
  EXPECT_THAT(names("&rgb=r,g,r"), ElementsAre("r", "g"));
  EXPECT_EQ(bands_of(fake.survey, request("&bands=z")).error().code, ErrorCode::kNotFound);
}

TEST_F(Bands, MeetTheWavelengthsEndsIncluded) {
  EXPECT_THAT(names("&wavelength=-inf+inf"), ElementsAre("g", "r", "clear"));
  EXPECT_THAT(names("&wavelength=-inf+4e-7"), ElementsAre("g"));
  EXPECT_THAT(names("&wavelength=6e-7+inf"), ElementsAre("r"));
  EXPECT_THAT(names("&wavelength=-5+5"), ElementsAre("g", "r"));
  EXPECT_THAT(names("&wavelength=4.5e-7&bands=clear,r,g"), ElementsAre("g"));
  EXPECT_THAT(names("&wavelength=5e-7&rgb=r,r,clear"), ElementsAre("r"));
}

TEST_F(Bands, ThatMeetNothingAreNoCoverage) {
  EXPECT_THAT(names("&wavelength=3.9e-7"), ElementsAre("clear")) << "its images may tell";
  EXPECT_THAT(names("&wavelength=4.5e-7&bands=clear"), ElementsAre("clear"));
  fake.survey.bands.pop_back();
  for (const auto* more : {"&wavelength=-2+-1", "&wavelength=3.9e-7", "&wavelength=6.1e-7+inf",
                           "&wavelength=4.5e-7&bands=r"}) {
    auto one = request(more);
    const auto bands = bands_of(fake.survey, one);
    ASSERT_FALSE(bands) << more;
    EXPECT_EQ(bands.error().code, ErrorCode::kNoCoverage);
    EXPECT_THAT(bands.error().message, HasSubstr("g (4e-07 to 5e-07 m)"));
    EXPECT_FALSE(settle_bands(fake.survey, one));
  }
  fake.survey.bands.clear();
  EXPECT_THAT(bands_of(fake.survey, request("&wavelength=5e-7")).error().message,
              HasSubstr("describes no bands"));
}

/// So that an algorithm, too, sees bands that were asked for.
TEST_F(Bands, AreSettledByName) {
  EXPECT_THAT(settled("&bands=G&rgb=G,G,G").rgb, ElementsAre("g", "g", "g"));
  EXPECT_THAT(settled("").bands, IsEmpty());
  EXPECT_THAT(settled("&wavelength=4e-7+6e-7").bands, ElementsAre("g", "r"));
  EXPECT_THAT(settled("&wavelength=4e-7&bands=R,G").bands, ElementsAre("g"));
}

}  // namespace
}  // namespace recorte::cutout
