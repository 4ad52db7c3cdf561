// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <recorte/testing.hpp>

#include <cmath>

namespace recorte::testkit {
namespace {

using testing::HasSubstr;

/// Pixel (x, y) is `base` + 10 y + x, and 300 more in the mask.
Picture picture(const std::string& band, double base, std::vector<recorte_role> planes = {}) {
  const auto pixel = [base](auto x, auto y) { return base + static_cast<double>(10 * y + x); };
  Picture out{.band = band, .width = 8, .height = 6, .pixel = pixel, .bitpix = RECORTE_I16};
  for (const auto role : planes)
    out.planes[role] = [=](auto x, auto y) { return 100 * role + pixel(x, y); };
  return out;
}

class Cut : public testing::Test {
 protected:
  std::pair<recorte_status, std::string> refusal(const Job& job) {
    try {
      cut_.make(job);
    } catch (const Error& e) {
      return {e.code, e.what()};
    }
    return {};
  }

  Host host_;
  Plugin plugin_{host_, CUT_PLUGIN};
  Algorithm cut_{plugin_};
  Job job_;
};

TEST_F(Cut, MakesOneProductOfEachInputAndPlane) {
  job_.planes({RECORTE_IMAGE, RECORTE_MASK});
  job_.add(picture("g", 0, {RECORTE_WEIGHT, RECORTE_MASK}));
  job_.add(picture("r", 1000)).add(picture("r", 2000, {RECORTE_MASK}));
  const auto made = cut_.make(job_);
  ASSERT_EQ(made.size(), 5U);
  EXPECT_EQ(made[0].role, RECORTE_IMAGE);
  EXPECT_EQ(made[0].bitpix, RECORTE_I16) << "as stored";
  EXPECT_EQ(made[0].height, 6);
  EXPECT_EQ(made[0].band, "g");
  EXPECT_EQ(made[1].role, RECORTE_MASK);
  EXPECT_EQ(made[2].at(0, 0), 1000);
  EXPECT_EQ(made[3].at(0, 0), 2000);
  EXPECT_EQ(made[4].role, RECORTE_MASK);
  EXPECT_EQ(made[4].band, "r");
  EXPECT_EQ(host_.images(), 0) << "not released";
}

TEST_F(Cut, GivesThePixelsAsStored) {
  job_.planes({RECORTE_IMAGE, RECORTE_MASK});
  job_.add(picture("g", 0, {RECORTE_MASK})).add(picture("r", 1000, {RECORTE_MASK}));
  for (const std::int64_t rows : {0, 1, 4}) {
    const auto made = cut_.make(job_, rows);
    EXPECT_EQ(made.at(0).at(1, 2), 21);
    EXPECT_EQ(made.at(3).at(1, 2), 1000 + 300 + 20 + 1);
    EXPECT_EQ(made.at(3).at(7, 5), 1000 + 300 + 50 + 7);
  }
}

TEST_F(Cut, PutsNanWhereABandIsMissing) {
  job_.bands({"g", "r"}).planes({RECORTE_IMAGE, RECORTE_MASK});
  job_.add(picture("r", 0, {RECORTE_MASK}));
  const auto made = cut_.make(job_);
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].band, "g");
  EXPECT_TRUE(made[0].blank);
  EXPECT_EQ(made[0].bitpix, RECORTE_F32);
  EXPECT_EQ(made[0].width, 8);
  EXPECT_FALSE(made[1].blank);
  for (const auto pixel : made[0].pixels) EXPECT_TRUE(std::isnan(pixel));
}

TEST_F(Cut, NamesThePlanesThereAre) {
  job_.planes({RECORTE_IMAGE, RECORTE_VARIANCE}).add(picture("g", 0, {RECORTE_WEIGHT}));
  const auto [status, why] = refusal(job_);
  EXPECT_EQ(status, RECORTE_NOT_FOUND);
  EXPECT_THAT(why, HasSubstr("no plane variance"));
  EXPECT_THAT(why, HasSubstr("image, weight"));
}

TEST_F(Cut, WithoutImagesThereIsNoCoverage) {
  job_.add(picture("g", 0)).select(10, 80, 0.001, 0.001);
  EXPECT_EQ(refusal(job_).first, RECORTE_NO_COVERAGE);
}

}  // namespace
}  // namespace recorte::testkit
