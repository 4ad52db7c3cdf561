// SPDX-License-Identifier: BSD-3-Clause
//
// The testing kit against what it imitates: plugins of the tree that a real host runs elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <recorte/testing.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace recorte::testkit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

template <class Body>
recorte_status status_of(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.code;
  }
  return RECORTE_OK;
}

TEST(KitSettings, AreWhatTheHostGives) {
  const Settings s(R"( {"a": {"b": "x\"\\\n\u00e9", "l": [1, "two", {"c": true}]},
                        "a/b~c": -1.5e-3, "n": null, "e": {}, "f": []} )");
  EXPECT_EQ(*s.find("/a/b"), "x\"\\\n\u00e9");
  EXPECT_EQ(*s.find("/a/l/1"), "two");
  EXPECT_EQ(*s.find("/a/l/2/c"), "true");
  EXPECT_EQ(*s.find("/a/l"), R"([1,"two",{"c":true}])");
  EXPECT_EQ(*s.find("/a~1b~0c"), "-1.5e-3");
  EXPECT_EQ(*s.find("/n"), "null");
  EXPECT_EQ(*s.find("/e"), "{}");
  EXPECT_FALSE(s.has("/a/z"));
  EXPECT_THAT(s.members("/a"), ElementsAre("b", "l"));
  for (const auto* wrong : {"", "{", "{\"a\"}", "[1,", "{} x", "\"abc"})
    EXPECT_THROW(Settings{wrong}, std::logic_error) << wrong;
}

class KitSurvey : public testing::Test {
 protected:
  static fs::path with_listing() {
    const auto directory = fs::path(testing::TempDir()) / ("kit-" + std::to_string(::getpid()));
    fs::create_directories(directory);
    std::ofstream(directory / "list")
        << "plate_000_+02_g.fits\nplate_150_-30_r.fits\nplate_010_+89_g.fits\n";
    return directory;
  }
  ~KitSurvey() override { fs::remove_all(directory_); }
  static std::vector<std::string> ids(const std::vector<Found>& found) {
    std::vector<std::string> out;
    for (const auto& f : found) out.push_back(f.id);
    return out;
  }

  fs::path directory_ = with_listing();
  Host host_;
  Plugin plugin_{host_, PLATES_PLUGIN};
  Survey survey_{plugin_, "{\"survey\": {\"root\": \"" + directory_.string() +
                              "\"}, \"plates\": {\"listing\": \"list\", \"pixel\": 36}}"};
};

TEST_F(KitSurvey, FindsByRegionBandAndImage) {
  EXPECT_THAT(ids(survey_.find(circle(0, 0, 180))), testing::SizeIs(3));
  for (const double ra : {359.8, 0.0, 0.2})
    EXPECT_THAT(ids(survey_.find(circle(ra, 2, 0.1))), ElementsAre("plate_000_+02_g.fits")) << ra;
  EXPECT_THAT(ids(survey_.find(circle(190, 90, 1))), ElementsAre("plate_010_+89_g.fits"));
  EXPECT_THAT(ids(survey_.find(circle(0, 0, 180), {.bands = {"r"}})),
              ElementsAre("plate_150_-30_r.fits"));
  EXPECT_THAT(ids(survey_.find(circle(77, 7, 0.1), {.image = "plate_150_-30_r.fits"})),
              ElementsAre("plate_150_-30_r.fits"));
  EXPECT_THAT(survey_.find(box(77, 7, 1, 1)), testing::IsEmpty());
}

TEST_F(KitSurvey, CopiesWhatIsFound) {
  const auto found = survey_.find(circle(150, -30, 0.1));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].planes.at(0).uri, (directory_ / "plate_150_-30_r.fits").string());
  EXPECT_EQ(found[0].planes[0].role, RECORTE_IMAGE);
  EXPECT_TRUE(std::isnan(found[0].zeropoint));
  EXPECT_THAT(found[0].s_region, HasSubstr("POLYGON ICRS"));
}

TEST_F(KitSurvey, Describes) {
  const auto described = survey_.describe();
  EXPECT_EQ(*described.find("/bands/1/name"), "r");
  EXPECT_EQ(*described.find("/pixel_scale"), "0.01");
}

TEST_F(KitSurvey, ObeysACancellation) {
  Call call;
  call.cancel();
  EXPECT_EQ(status_of([&] { survey_.find(circle(0, 0, 180), {.call = &call}); }),
            RECORTE_CANCELLED);
  EXPECT_GT(call.asked(), 0);
}

TEST_F(KitSurvey, SaysWhatIsWrong) {
  EXPECT_EQ(status_of([&] { Survey(plugin_, R"({"survey": {"root": "/nowhere"}})"); }),
            RECORTE_INVALID);
  EXPECT_THROW(Algorithm{plugin_}, Error) << "it is no algorithm";
  EXPECT_THROW(Plugin(host_, "/nowhere.so"), Error);
}

class KitAlgorithm : public testing::Test {
 protected:
  static Picture ramp(const std::string& band, double slope, Grid grid = {}) {
    return {.band = band,
            .width = 12,
            .height = 10,
            .pixel = [=](auto x, auto y) { return slope * static_cast<double>(10 * y + x); },
            .grid = grid};
  }
  Host host_;
};

TEST_F(KitAlgorithm, GridsAreGnomonic) {
  const Grid grid{.ra = 359.9, .dec = 60, .x = 5, .y = 7, .scale = 100};
  for (const auto& [x, y] : {std::pair{5.0, 7.0}, {0.0, 0.0}, {40.5, -3.25}, {5.0, 1800.0}}) {
    const auto [ra, dec] = grid.to_sky(x, y);
    const auto [px, py] = grid.to_pixel(ra, dec);
    EXPECT_NEAR(px, x, 1e-8);
    EXPECT_NEAR(py, y, 1e-8);
  }
  EXPECT_TRUE(std::isnan(grid.to_pixel(180, -60).first)) << "the other side of the sky";
  EXPECT_NEAR(grid.to_sky(0, 7).first, 359.9 + 500 / 3600. / 0.5 - 360, 1e-5) << "east is left";
}

TEST_F(KitAlgorithm, ParametersHaveTheirDefaults) {
  const Plugin plugin(host_, SUM_PLUGIN);
  Algorithm sum(plugin);
  Job job;
  job.add(ramp("g", 1)).add(ramp("r", 2));
  EXPECT_EQ(sum.make(job).at(0).at(3, 4), 3 * 43);
  job.params(R"({"scale": 10})");
  EXPECT_EQ(sum.make(job, 3).at(0).at(3, 4), 30 * 43);
  EXPECT_EQ(sum.make(job).at(0).name, "SUM");
  EXPECT_EQ(host_.images(), 0);
}

TEST_F(KitAlgorithm, BudgetsAndCancellationsAreKept) {
  const Plugin plugin(host_, SUM_PLUGIN);
  Algorithm sum(plugin);
  Job job;
  job.add(ramp("g", 1));
  Call poor({.memory_budget = 100});
  EXPECT_EQ(status_of([&] { sum.make(job, 0, &poor); }), RECORTE_RESOURCE);
  EXPECT_EQ(poor.held(), 0U);
  Call soon({.cancelled_after = 1});
  EXPECT_EQ(status_of([&] { sum.make(job, 1, &soon); }), RECORTE_CANCELLED);
}

TEST_F(KitAlgorithm, MosaicsJoinImagesOnTheTargetGrid) {
  const Plugin plugin(host_, MOSAIC_PLUGIN);
  Algorithm mosaic(plugin);
  Job job;
  // The second begins 8 pixels to the right, and continues the first.
  job.add(ramp("g", 1)).add(ramp("g", 1, {.x = -8}));
  auto& shifted = job;
  shifted.select(149.9975, 2.00125, 20.0 / 3600, 10.0 / 3600);
  const auto made = mosaic.make(job);
  ASSERT_EQ(made.size(), 1U);
  EXPECT_TRUE(made[0].on_target);
  EXPECT_EQ(made[0].width, 20);
  // Column 2 is the first image's alone, column 18 the second's.
  EXPECT_NEAR(made[0].at(2, 0) + 10, made[0].at(2, 1), 1e-4);
  EXPECT_FALSE(std::isnan(made[0].at(18, 5)));
}

TEST_F(KitAlgorithm, PicturesAreColours) {
  const Plugin plugin(host_, ARCSINH_PLUGIN);
  Algorithm arcsinh(plugin);
  Job job;
  job.add(ramp("g", 1)).add(ramp("r", 1)).add(ramp("i", 1));
  job.params(R"({"black": 0, "white": 100})");
  const auto made = arcsinh.make(job);
  ASSERT_EQ(made.size(), 1U);
  EXPECT_TRUE(made[0].colour);
  EXPECT_EQ(made[0].bitpix, RECORTE_U8);
  EXPECT_EQ(made[0].at(0, 0), 0);
  EXPECT_EQ(made[0].at(11, 9, 0), 255);
}

}  // namespace
}  // namespace recorte::testkit
