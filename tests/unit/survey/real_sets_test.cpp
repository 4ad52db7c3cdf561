// SPDX-License-Identifier: BSD-3-Clause
//
// The real sets, indexed by looking alone: no TOML is edited.
#include "core/survey/index_survey.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>

#include <map>

namespace recorte::survey {
namespace {

using Bands = std::map<std::string, std::size_t>;

struct Set {
  std::string name;
  Bands bands;                      ///< images of each
  std::vector<std::string> planes;  ///< roles of the first image
  std::size_t skipped = 0;
};

void PrintTo(const Set& set, std::ostream* out) { *out << set.name; }

class RealSet : public testing::TestWithParam<Set> {};

TEST_P(RealSet, IsIndexedByLooking) {
  const auto& set = GetParam();
  const auto directory = recorte::test::survey_data() / "surveys" / set.name;
  if (!std::filesystem::exists(directory))
    GTEST_SKIP() << directory << " is not here; set RECORTE_TEST_DATA";
  test::TempDir dir;
  const auto report = index_survey({directory, set.name, dir.path, {}});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(Bands(report->bands.begin(), report->bands.end()), set.bands);
  EXPECT_EQ(report->skipped.size(), set.skipped);
  for (const auto& skipped : report->skipped) EXPECT_FALSE(skipped.reason.empty());
  const auto index = ImageIndex::open(report->index);
  ASSERT_TRUE(index) << index.error().message;
  std::vector<std::string> roles;
  for (const auto& plane : index->at(0).planes) roles.push_back(plane.role);
  EXPECT_EQ(roles, set.planes);
  // Every image answers at its own middle.
  for (std::uint32_t i = 0; i < index->size(); ++i) {
    const auto image = index->at(i);
    std::vector<std::string> found;
    index->find({image.footprint.cap.centre, 1e-5}, image.band,
                [&](const ImageRecord& record) { found.push_back(record.id); });
    EXPECT_THAT(found, testing::Contains(image.id));
    EXPECT_GT(image.pixel_scale, 0);
  }
  const auto again = index_survey({directory, set.name, dir.path, {}});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->images, report->images);
  EXPECT_EQ(again->added + again->changed + again->removed, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Survey, RealSet,
    testing::Values(
        Set{"2mass_gc_jhk", {{"J", 1}, {"H", 1}, {"K", 1}}, {"image"}},
        Set{"2mass_orion_j", {{"j", 6}}, {"image"}},
        Set{"cfhtls_27_gri", {{"g", 1}, {"r", 1}, {"i", 1}}, {"image"}},
        Set{"kids_gri", {{"g", 1}, {"r", 1}, {"i", 1}}, {"image"}},
        Set{"sdss_reprojected_gri", {{"g", 1}, {"r", 1}, {"i", 1}}, {"image"}},
        Set{"ps1_irz", {{"i", 1}, {"r", 1}, {"z", 1}}, {"image"}},
        Set{"unwise_1866p257", {{"W1", 1}, {"W2", 1}, {"W3", 1}, {"W4", 1}}, {"image"}},
        Set{"decam_1867p255_grz", {{"g", 1}, {"r", 1}, {"z", 2}}, {"image", "mask", "weight"}},
        Set{"decam_cp_fz", {{"r", 1}}, {"image", "mask", "weight"}},
        Set{"herschel_spire_3band",
            {{"250um", 2}, {"350um", 2}, {"500um", 2}},
            {"image", "weight"},
            6},
        Set{"hsc_lsst_mef", {{"hsc_lsst_mef", 1}, {"r", 1}}, {"image", "mask", "variance"}},
        Set{"legacysurvey_brick_1238p245", {{"z", 1}}, {"image", "weight"}, 2},
        Set{"cadc", {{"F160W", 4}, {"cadc", 1}, {"r", 3}}, {"image"}},
        Set{"hst_mef", {{"F222M", 1}}, {"image", "mask"}, 3},
        Set{"nasty", {{"FR533P15", 1}}, {"image"}, 2}, Set{"allsky", {{"allsky", 3}}, {"image"}},
        Set{"wcs_variety", {{"B1", 1}, {"I", 1}, {"r", 1}, {"wcs_variety", 2}}, {"image"}}),
    [](const auto& info) { return info.param.name; });

// The edits that docs/how-to/index-real-surveys.md shows.
TEST(RealSets, TheEditsOfTheHowToWork) {
  const auto surveys = recorte::test::survey_data() / "surveys";
  if (!std::filesystem::exists(surveys))
    GTEST_SKIP() << surveys << " is not here; set RECORTE_TEST_DATA";
  test::TempDir dir;
  const auto bands = [&](const std::string& name, const std::string& toml) {
    test::write(dir.path / (name + ".toml"), toml);
    const auto report = index_survey({surveys / name, name, dir.path, {}});
    EXPECT_TRUE(report) << report.error().message;
    return report ? Bands(report->bands.begin(), report->bands.end()) : Bands{};
  };
  EXPECT_EQ(bands("2mass_orion_j", "[bands]\nJ = \"1154..1316nm\"\n"), (Bands{{"J", 6}}));
  EXPECT_EQ(bands("hsc_lsst_mef",
                  "[bands]\ni = \"690..844nm\"\nr = \"557..695nm\"\n"
                  "[band_aliases]\n_unknown_ = \"i\"\n"),
            (Bands{{"i", 1}, {"r", 1}}));
  EXPECT_EQ(bands("decam_1867p255_grz",
                  "[survey]\nkind = \"epochs\"\n"
                  "pattern = \"**/*_*_*_oo{product}_*.fits\"\n"
                  "planes = { image = \"i\", mask = \"d\", weight = \"w\" }\n"
                  "[header]\nt_min = \"DATE-OBS\"\n"),
            (Bands{{"g", 1}, {"r", 1}, {"z", 2}}));
}

TEST(RealSets, EverySetOfTheTestDataIsIndexedOrSkippedWithAReason) {
  const auto surveys = recorte::test::survey_data() / "surveys";
  if (!std::filesystem::exists(surveys))
    GTEST_SKIP() << surveys << " is not here; set RECORTE_TEST_DATA";
  test::TempDir dir;
  const auto report = index_survey({surveys, "everything", dir.path, {}});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->images, 70U);
  for (const auto& skipped : report->skipped) EXPECT_GT(skipped.reason.size(), 5U) << skipped.path;
}

}  // namespace
}  // namespace recorte::survey
