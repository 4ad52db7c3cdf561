// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/located_json.hpp"

#include "core/sky/footprint.hpp"
#include "fake_survey.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace recorte::cutout {
namespace {

using nlohmann::json;

struct LocatedJson : testing::Test {
  LocatedJson() {
    test::write_picture(directory / "a.fits", {.width = 12, .height = 8});
    source = &fake.add("a", "g", directory / "a.fits");
  }
  json locate() {
    const auto request = parse_canonical("survey=fake&ra=150&dec=2&size=6px&bands=g").value();
    const plugin::Call call({});
    return located_json(cutout::locate(fake.survey, request, {}, cache, call, {}).value());
  }
  test::TempDir directory;
  test::FakeSurvey fake;
  ImageCache cache{CacheLimits{.open_files = 4}};
  Source* source = nullptr;
};

TEST_F(LocatedJson, SaysWhatIsKnown) {
  source->planes.push_back({RECORTE_MASK, -1, -1, directory / "a.fits", ""});
  source->t_min = 58000;
  source->t_max = 58001.5;
  source->exptime = 90;
  source->release = "";
  source->s_region = "CIRCLE ICRS 150 2 0.1";
  const auto answer = locate();
  ASSERT_EQ(answer.at("images").size(), 1U);
  auto image = answer["images"][0];
  EXPECT_NEAR(image.at("pixel_scale").get<double>() * 3600, 1, 1e-9);
  image.erase("pixel_scale");
  EXPECT_EQ(image, (json{{"id", "a"},
                         {"release", "1"},
                         {"band", "g"},
                         {"t_min", 58000.0},
                         {"t_max", 58001.5},
                         {"exptime", 90.0},
                         {"planes", {"image", "mask"}},
                         {"s_region", "CIRCLE ICRS 150 2 0.1"},
                         {"coverage", 1.0},
                         {"file", "a.fits"},
                         {"width", 12},
                         {"height", 8}}));
  EXPECT_EQ(answer.at("warnings"), json::array());
}

TEST_F(LocatedJson, WhatIsNotKnownIsNullAndTheRegionIsComputed) {
  const auto image = locate().at("images").at(0);
  for (const auto* key : {"t_min", "t_max", "exptime"}) EXPECT_TRUE(image.at(key).is_null()) << key;
  const auto text = image.at("s_region").get<std::string>();
  EXPECT_EQ(text.substr(0, 13), "POLYGON ICRS ");
  const auto region = sky::parse_s_region(text);
  ASSERT_TRUE(region) << region.error().message;
  EXPECT_EQ(region->outline.size(), 4U);
  EXPECT_TRUE(sky::may_meet(*region, {sky::to_vector({150, 2}), 0.0001}));
  EXPECT_NEAR(region->cap.radius * 3600, std::hypot(6, 4), 0.5);
}

}  // namespace
}  // namespace recorte::cutout
