// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::page {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Survey kSurvey{"demo",     "Demo", "", "", "", {"g", "r", "i"}, {"weight", "mask"},
                     0.5 / 3600, {}};

Extent arcmin(double value) { return {value / 60}; }
View view(double ra, double dec) { return {&kSurvey, {ra, dec}, arcmin(2), arcmin(2), {}}; }

TEST(View, MovesByHalfAField) {
  const auto here = view(10, 60);
  EXPECT_NEAR(moved(here, 0)->centre.dec, 60 + 1.0 / 60, 1e-9);
  EXPECT_NEAR(moved(here, 180)->centre.dec, 60 - 1.0 / 60, 1e-9);
  EXPECT_NEAR(moved(here, 90)->centre.ra, 10 + 2.0 / 60, 1e-5);
  EXPECT_NEAR(moved(here, 270)->centre.ra, 10 - 2.0 / 60, 1e-5);
}

TEST(View, MovesAcrossRightAscensionZeroAndAPole) {
  EXPECT_NEAR(moved(view(0.001, 0), 270)->centre.ra, 360.001 - 1.0 / 60, 1e-9);
  const auto over = moved(view(10, 89.99), 0)->centre;
  EXPECT_NEAR(over.ra, 190, 1e-6);
  EXPECT_NEAR(over.dec, 180 - 89.99 - 1.0 / 60, 1e-9);
}

TEST(View, MovesByPixelsOnlyWhereTheirScaleIsKnown) {
  auto here = view(10, 0);
  here.width = here.height = {240, Extent::Unit::kPixel};
  EXPECT_NEAR(moved(here, 0)->centre.dec, 1.0 / 60, 1e-9);
  auto blind = kSurvey;
  blind.pixel_scale.reset();
  here.survey = &blind;
  EXPECT_FALSE(moved(here, 0));
  EXPECT_EQ(soda_path(here), "");
}

TEST(View, ZoomsWithinReason) {
  auto here = view(10, 0);
  EXPECT_EQ(size_of(*zoomed(here, 0.5)), "1arcmin");
  EXPECT_EQ(size_of(*zoomed(here, 2)), "4arcmin");
  here.width = {200};
  EXPECT_FALSE(zoomed(here, 2));
  here.width = here.height = {1, Extent::Unit::kPixel};
  EXPECT_FALSE(zoomed(here, 0.5));
}

TEST(View, PathsSayWhatIsShown) {
  auto here = view(150.1, -2.2);
  here.height = arcmin(1);
  here.bands = {"g", "r", "i"};
  EXPECT_EQ(home_path(here), "/?survey=demo&position=150.1+-2.2&size=2arcmin,1arcmin&bands=g,r,i");
  EXPECT_EQ(picture_path(here),
            "/api/v1/cutout?survey=demo&ra=150.1&dec=-2.2&size=2arcmin,1arcmin&bands=g,r,i"
            "&format=png");
  EXPECT_THAT(fits_path(here, kSurvey.planes), HasSubstr("&planes=image,weight,mask&format=fits"));
  EXPECT_THAT(fits_path(here), Not(HasSubstr("planes")));
  EXPECT_THAT(soda_path(here), HasSubstr("/sync?ID=demo&CIRCLE=150.1+-2.2+0.01666667&FILTER="));
}

TEST(View, OfTwoBandsThePictureShowsOne) {
  auto here = view(10, 0);
  EXPECT_THAT(picture_bands(here), IsEmpty());
  here.bands = {"r", "i"};
  EXPECT_THAT(picture_bands(here), ElementsAre("r"));
  auto two = kSurvey;
  two.bands = {"W1", "W2"};
  EXPECT_THAT(picture_bands({&two, {}, {}, {}, {}}), ElementsAre("W1"));
  EXPECT_THAT(picture_bands({&two, {}, {}, {}, {"W2"}}), ElementsAre("W2"));
}

TEST(View, CommandsNameTheService) {
  auto here = view(150.1, 2.2);
  here.bands = {"g"};
  EXPECT_EQ(curl_command("https://sky.example/cut", "/sync?ID=demo"),
            "curl -OJ 'https://sky.example/cut/sync?ID=demo'");
  EXPECT_EQ(curl_command("https://sky.example/cut", "/sync?ID=demo", "a.fits"),
            "curl -o a.fits 'https://sky.example/cut/sync?ID=demo'");
  EXPECT_EQ(python_program("https://sky.example/cut", here),
            R"(from urllib.parse import urlencode
from astropy.io import fits

query = urlencode({
    "survey": "demo",
    "ra": 150.1,
    "dec": 2.2,
    "size": "2arcmin",
    "bands": "g",
})
url = "https://sky.example/cut/api/v1/cutout?" + query
cutout = fits.open(url)
cutout.info())");
}

}  // namespace
}  // namespace recorte::page
