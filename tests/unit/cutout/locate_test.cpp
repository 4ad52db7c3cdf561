// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/locate.hpp"

#include "fake_survey.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::cutout {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Locate : public testing::Test {
 protected:
  /// An image around RA 150, Dec 2, moved east by so many of its 8 pixels.
  Source& add(const std::string& id, const std::string& band = "g", double east = 0) {
    test::write_picture(directory_ / (id + ".fits"),
                        {.ra = 150 + east / 3600 / std::cos(2 * M_PI / 180)});
    return fake_.add(id, band, directory_ / (id + ".fits"));
  }
  Result<Location> locate(const std::string& more = "",
                          const std::vector<std::string>& groups = {}) {
    const auto request = parse_canonical("survey=fake&ra=150&dec=2&size=6px" + more);
    if (!request) return fail(request.error());
    const plugin::Call call({});
    return cutout::locate(fake_.survey, *request, groups, cache_, call, {});
  }
  std::vector<std::string> ids(const std::string& more = "",
                               const std::vector<std::string>& groups = {}) {
    const auto found = locate(more, groups);
    EXPECT_TRUE(found) << found.error().message;
    std::vector<std::string> out;
    if (found)
      for (const auto& i : found->images) out.push_back(i.source.id);
    return out;
  }
  Error error(const std::string& more = "", const std::vector<std::string>& groups = {}) {
    const auto found = locate(more, groups);
    EXPECT_FALSE(found);
    return found ? Error{} : found.error();
  }

  test::TempDir directory_;
  test::FakeSurvey fake_;
  ImageCache cache_{CacheLimits{.open_files = 16}};
};

TEST_F(Locate, TheBestCoversMost) {
  add("half", "g", 4);
  add("whole");
  add("most", "g", 2);
  EXPECT_THAT(ids(), ElementsAre("whole"));
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("whole", "most", "half"));
}

TEST_F(Locate, ThenItIsTheDeepestThenTheNewestThenTheFirstById) {
  add("b").depth = 24;
  add("a").depth = 25;
  auto& newer = add("d");
  newer.depth = 25;
  newer.t_max = 58001;
  auto& older = add("c");
  older.depth = 25;
  older.t_max = 58000;
  add("unknown");
  add("also_unknown");
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("d", "c", "a", "b", "also_unknown", "unknown"));
}

TEST_F(Locate, ExposureTimeStandsForDepthWhereThereIsNone) {
  add("short").exptime = 30;
  add("long").exptime = 90;
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("long", "short"));
}

TEST_F(Locate, TheLatestOfThoseThatCoverAsMuch) {
  auto& old = add("old");
  old.t_max = 57000;
  old.depth = 30;
  add("new").t_max = 58000;
  add("newest_but_half", "g", 4).t_max = 59000;
  add("timeless");
  EXPECT_THAT(ids("&epochs=latest"), ElementsAre("new"));
  EXPECT_THAT(ids(), ElementsAre("old"));
  fake_.survey.epochs = true;
  EXPECT_THAT(ids(), ElementsAre("new"));
  EXPECT_THAT(ids("&epochs=best"), ElementsAre("old"));
}

TEST_F(Locate, BandsComeInTheOrderAskedFor) {
  add("g1", "g");
  add("r1", "r");
  add("u1", "u");  // a band that the survey does not know
  EXPECT_THAT(ids(), ElementsAre("g1", "r1"));
  EXPECT_THAT(ids("&bands=r,g"), ElementsAre("r1", "g1"));
  EXPECT_THAT(ids("&bands=r"), ElementsAre("r1"));
  EXPECT_THAT(ids("&rgb=r,g,r"), testing::Contains("r1"));
  fake_.survey.bands.clear();
  EXPECT_THAT(ids(), ElementsAre("g1", "r1", "u1"));
  const auto found = locate();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bands.size(), 3U);
}

TEST_F(Locate, ABandWithoutAnImageIsStillABand) {
  add("g1", "g");
  const auto found = locate();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bands.size(), 2U);
  EXPECT_EQ(found->images.size(), 1U);
}

TEST_F(Locate, TimesAreALimitWhereTheyAreKnown) {
  auto& a = add("a");
  a.t_min = 58000;
  a.t_max = 58001;
  auto& b = add("b");
  b.t_min = 58002;
  b.t_max = 58003;
  add("timeless");
  EXPECT_THAT(ids("&epochs=all&time=57000+58000"), ElementsAre("a", "timeless"));
  EXPECT_THAT(ids("&epochs=all&time=58001.5+inf"), ElementsAre("b", "timeless"));
  EXPECT_THAT(ids("&epochs=all&time=58001.2+58001.8"), ElementsAre("timeless"));
}

TEST_F(Locate, WavelengthsChooseBands) {
  add("g1", "g");
  add("r1", "r");
  EXPECT_THAT(ids("&wavelength=4e-7+4.5e-7"), ElementsAre("g1"));
  EXPECT_THAT(ids("&wavelength=5.5e-7+inf"), ElementsAre("r1"));
  EXPECT_THAT(ids("&wavelength=5e-7"), ElementsAre("g1", "r1"));  // where the two bands meet
  EXPECT_THAT(ids("&wavelength=5e-7&bands=r"), ElementsAre("r1"));
  const auto e = error("&wavelength=1e-6+2e-6");
  EXPECT_EQ(e.code, ErrorCode::kNoCoverage);
  EXPECT_THAT(e.message, AllOf(HasSubstr("between 1e-06 and 2e-06 m"),
                               HasSubstr("g (4e-07 to 5e-07 m), r (5e-07 to 6e-07 m)")));
}

/// For who wants to choose: of every band, the overlapping ones too.
TEST_F(Locate, AllOfThemCanBeListed) {
  add("g1", "g");
  add("g2", "g", 2);
  add("g3", "g", -5);
  add("r1", "r", 3);
  add("r2", "r");
  add("elsewhere", "r", 100);
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("g1", "g2", "g3", "r2", "r1"));
}

TEST_F(Locate, ANamedImageBringsItsOwnBand) {
  add("g1", "g");
  const auto found = locate("&image=g1");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->bands.size(), 1U);
  EXPECT_EQ(found->bands[0].name, "g");
  EXPECT_THAT(found->warnings, IsEmpty());
  EXPECT_EQ(locate("&image=g1&bands=g,r")->bands.size(), 2U);  // r was asked for
}

TEST_F(Locate, AnImageWithoutARegionIsWhole) {
  // All of the sky in 16 x 8 pixels: the corners lie outside it.
  test::write_picture(
      directory_ / "sky.fits",
      {.width = 16,
       .height = 8,
       .wcs = false,
       .cards = {"CTYPE1  = 'RA---AIT'", "CTYPE2  = 'DEC--AIT'", "CRPIX1  = 8.5", "CRPIX2  = 4.5",
                 "CDELT1  = -22.5", "CDELT2  = 22.5", "CRVAL1  = 0.0", "CRVAL2  = 0.0"}});
  const auto expect_whole = [&](const sky::PixelRect& rect) {
    const auto request = parse_canonical("survey=fake&image=x").value();
    const plugin::Call call({});
    const auto found = cutout::locate(fake_.survey, request, {}, cache_, call, {});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->images.at(0).selection.rect, rect);
    EXPECT_EQ(found->images[0].selection.coverage, 1);
    EXPECT_THAT(found->warnings, IsEmpty());
  };
  add("x");
  expect_whole({0, 0, 8, 8});
  fake_.sources.clear();
  fake_.add("x", "g", directory_ / "sky.fits");
  expect_whole({0, 0, 16, 8});
}

TEST_F(Locate, ReleasesAreThoseTheSurveyHas) {
  add("a").release = "";
  fake_.survey.releases = {"1", "2"};
  EXPECT_EQ(locate()->images.at(0).source.release, "1");
  EXPECT_EQ(locate("&release=2")->images.at(0).source.release, "2");
  EXPECT_THAT(error("&release=3").message, HasSubstr("it has 1, 2"));
  fake_.survey.releases.clear();
  EXPECT_THAT(error("&release=1").message, HasSubstr("leave it out"));
}

TEST_F(Locate, WhatWasLookedAtIsKnown) {
  add("a");
  add("far", "g", 100);
  fake_.add("gone", "g", directory_ / "gone.fits");
  const auto found = locate("&bands=g");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->looked_at.size(), 3U);
  for (const auto& [path, stamp] : found->looked_at)
    EXPECT_EQ(stamp, file_stamp(path).value_or(FileStamp{})) << path;
}

TEST_F(Locate, RefusalsSayWhatThereIs) {
  add("a");
  auto e = error("&bands=g,z");
  EXPECT_EQ(e.code, ErrorCode::kNotFound);
  EXPECT_THAT(e.message, AllOf(HasSubstr("no band 'z'"), HasSubstr("g, r")));
  e = error("&release=2");
  EXPECT_EQ(e.code, ErrorCode::kNotFound);
  EXPECT_THAT(e.message, AllOf(HasSubstr("no release '2'"), HasSubstr("it has 1")));
  fake_.sources.clear();
  e = error("&image=x");
  EXPECT_EQ(e.code, ErrorCode::kNotFound);
  EXPECT_THAT(e.message, HasSubstr("no image 'x'"));
  e = error();
  EXPECT_EQ(e.code, ErrorCode::kNoCoverage);
  EXPECT_THAT(e.message, AllOf(HasSubstr("RA 150, Dec 2"), HasSubstr("g, r")));
  add("far", "g", 100);  // the adapter was generous
  EXPECT_EQ(error().code, ErrorCode::kNoCoverage);
}

TEST_F(Locate, TheSurveysGroupGuardsItAll) {
  add("a");
  fake_.survey.access.group = "des";
  const auto e = error("", {"x", "y"});
  EXPECT_EQ(e.code, ErrorCode::kForbidden);
  EXPECT_THAT(e.message, AllOf(HasSubstr("group des"), HasSubstr("you are in x, y")));
  EXPECT_THAT(ids("", {"x", "des"}), ElementsAre("a"));
}

TEST_F(Locate, AnImagesGroupGuardsThatImage) {
  add("secret").access_group = "des";
  EXPECT_EQ(error().code, ErrorCode::kForbidden);
  EXPECT_THAT(ids("", {"des"}), ElementsAre("secret"));
  add("public", "g", 3);
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("public"));
  EXPECT_THAT(ids("&epochs=all", {"des"}), ElementsAre("secret", "public"));
  // Both, where the survey has one and leaves it to its images.
  fake_.survey.access.group = "des";
  EXPECT_EQ(error().code, ErrorCode::kForbidden);
  fake_.survey.access.by_image = true;
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("public"));
}

TEST_F(Locate, AGrantOnTheSurveyOpensAllOfIt) {
  add("ours").access_group = "des";
  add("theirs", "g", 3).access_group = "pi-1234";
  fake_.survey.access.group = "des";
  EXPECT_THAT(ids("&epochs=all", {"survey:fake"}), ElementsAre("ours", "theirs"));
  EXPECT_EQ(error("", {"survey:other"}).code, ErrorCode::kForbidden);
  fake_.survey.access.by_image = true;
  EXPECT_THAT(ids("&epochs=all", {"survey:fake"}), ElementsAre("ours", "theirs"));
}

TEST_F(Locate, AReleaseMayHaveAGroupOfItsOwn) {
  fake_.survey.access.group = "des";
  fake_.survey.access.releases = {{"1", ""}, {"2", "builders"}};
  fake_.survey.releases = {"1", "2"};
  add("old").access_group = "des";  // as its adapter knows of no releases' groups
  EXPECT_THAT(ids(), ElementsAre("old"));
  EXPECT_THAT(error("&release=2", {"des"}).message, HasSubstr("group builders"));
  // An adapter that names an image of another release decides nothing by it.
  add("new", "g", 1).release = "2";
  EXPECT_THAT(ids("&epochs=all"), ElementsAre("old"));
  EXPECT_THAT(ids("&epochs=all", {"builders"}), UnorderedElementsAre("old", "new"));
}

TEST_F(Locate, WhatIsNotCoveredIsAWarning) {
  add("part", "g", 3);
  const auto found = locate();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->warnings, ElementsAre(HasSubstr("part"), HasSubstr("band r")));
}

TEST_F(Locate, WhatCannotBeOpenedIsPassedOverWithAWarning) {
  add("good");
  fake_.add("gone", "g", directory_ / "gone.fits");
  test::write_picture(directory_ / "flat.fits", {.wcs = false});
  fake_.add("flat", "g", directory_ / "flat.fits");
  const auto found = locate("&bands=g");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->images.at(0).source.id, "good");
  EXPECT_THAT(found->warnings, ElementsAre(HasSubstr("gone.fits"), HasSubstr("flat.fits")));
  ASSERT_TRUE(found->trouble);
  EXPECT_EQ(found->trouble->code, ErrorCode::kData);
  fake_.sources.erase(fake_.sources.begin());
  EXPECT_THAT(error().message, HasSubstr("flat.fits"));
}

/// What a plugin says is checked before it is used.
TEST_F(Locate, NonsenseOfAPluginIsNoHarm) {
  add("role").planes[0].role = 77;  // no image plane, so no image
  EXPECT_EQ(error().code, ErrorCode::kNoCoverage);
  auto& more = add("more");
  for (const recorte_role role : {-1, 4, 1000, INT32_MIN})
    more.planes.push_back({role, -1, -1, "", ""});
  EXPECT_THAT(ids(), ElementsAre("more"));

  fake_.sources.clear();
  add("cube").planes[0].cube_plane = 1;  // of an image with one plane
  const auto e = error();
  EXPECT_EQ(e.code, ErrorCode::kPlugin);
  EXPECT_THAT(e.message, AllOf(HasSubstr("cube.fits"), HasSubstr("plane 1")));

  fake_.sources.clear();
  add("empty").planes.clear();
  EXPECT_EQ(error().code, ErrorCode::kNoCoverage);
}

TEST_F(Locate, FileUrisArePaths) {
  add("a");
  const auto path = fake_.sources[0].planes[0].path;
  for (const std::string scheme : {"file:", "file://", "file://localhost"}) {
    fake_.sources[0].planes[0].path = scheme + path;
    const auto found = locate();
    ASSERT_TRUE(found) << scheme;
    EXPECT_EQ(found->images[0].source.planes[0].path, path);
  }
}

TEST_F(Locate, CancellationIsObeyed) {
  add("a");
  const std::atomic<bool> cancelled = true;
  plugin::Call::Options options;
  options.cancelled = &cancelled;
  const plugin::Call call(options);
  const auto found = cutout::locate(
      fake_.survey, *parse_canonical("survey=fake&ra=150&dec=2&size=6px"), {}, cache_, call, {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kCancelled);
}

TEST_F(Locate, ASourceThatIsTooShortIsThePluginsFault) {
  static constexpr auto kFind = [](void*, const recorte_call*, const recorte_query*,
                                   const recorte_source_sink* out, recorte_error*) {
    recorte_source source{};
    source.struct_size = 8;
    out->add(out, &source);
    return recorte_status{RECORTE_OK};  // whatever the host said
  };
  static constexpr recorte_survey kTable{
      sizeof(recorte_survey), 0, nullptr, nullptr, nullptr, kFind};
  fake_.survey.table = &kTable;
  const auto refused = error();
  EXPECT_EQ(refused.code, ErrorCode::kPlugin);
  EXPECT_THAT(refused.message, HasSubstr("recorte_source has 8 bytes, too few for ABI 1.0"));
}

TEST(Sources, AreCopiedWholeAndBack) {
  Source source{"id", "1", "g", "v", "ct", "des", "CIRCLE ICRS 1 2 3",
                1,    2,   3,   4,   5,    {},    {{"a", "b"}}};
  source.planes = {{RECORTE_IMAGE, 1, 2, "/x", "SCI"}, {RECORTE_MASK, -1, -1, "/y", ""}};
  const SourceView view(source);
  const auto taken = copy(view.get());
  ASSERT_TRUE(taken) << taken.error().message;
  const auto& back = *taken;
  EXPECT_EQ(back.id, "id");
  EXPECT_EQ(back.release, "1");
  EXPECT_EQ(back.access_group, "des");
  EXPECT_EQ(back.s_region, source.s_region);
  EXPECT_EQ(back.t_min, 1);
  EXPECT_EQ(back.depth, 5);
  EXPECT_EQ(back.pairs, source.pairs);
  ASSERT_EQ(back.planes.size(), 2U);
  EXPECT_EQ(back.planes[0].cube_plane, 2);
  EXPECT_EQ(back.plane(RECORTE_MASK)->path, "/y");
  EXPECT_EQ(back.plane(RECORTE_WEIGHT), nullptr);
  // An empty recorte_str is { NULL, 0 }.
  recorte_source bare{};
  bare.struct_size = sizeof bare;
  EXPECT_EQ(copy(&bare)->id, "");
  bare.struct_size -= 8;
  EXPECT_THAT(copy(&bare).error().message,
              testing::HasSubstr("recorte_source has 200 bytes, too few for ABI 1.0"));
  EXPECT_FALSE(copy(nullptr));
}

}  // namespace
}  // namespace recorte::cutout
