// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/index_survey.hpp"

#include "support.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>

namespace recorte::survey {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

namespace fs = std::filesystem;

class IndexSurvey : public testing::Test {
 protected:
  Result<IndexReport> run() { return index_survey({files, "sky", surveys, {}}); }
  IndexReport done() {
    auto report = run();
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : IndexReport{};
  }
  std::string reason(const IndexReport& report, const std::string& path) {
    for (const auto& skipped : report.skipped)
      if (skipped.path == path) return skipped.reason;
    return "(not skipped)";
  }

  test::TempDir dir;
  fs::path files = dir.path / "files", surveys = dir.path / "surveys.d";
};

TEST_F(IndexSurvey, WritesATomlThatItObeys) {
  test::write(files / "t1_g.fits", test::fits_image(10, 0, {"BUNIT   = 'adu'"}));
  test::write(files / "t1_r.fits", test::fits_image(10, 0));
  test::write(files / "deep/t2_g.fits", test::fits_image(20, 5));
  const auto first = done();
  EXPECT_TRUE(first.toml_written);
  EXPECT_EQ(first.images, 3U);
  EXPECT_THAT(first.bands, ElementsAre(Pair("g", 2U), Pair("r", 1U)));
  EXPECT_EQ(first.added, 3U);
  EXPECT_THAT(first.example->bands, ElementsAre("g", "r"));
  EXPECT_NEAR(first.example->position.ra, 10, 0.01);
  const auto toml = test::read(first.toml);
  EXPECT_THAT(toml, HasSubstr("# unit = \"count\""));
  EXPECT_THAT(toml, HasSubstr("2 of 3 headers do not say"));
  const auto survey = read_survey_file(first.toml);
  ASSERT_TRUE(survey) << survey.error().message;
  EXPECT_EQ(survey->root, fs::canonical(files));
  EXPECT_TRUE(survey->example);
  const auto bytes = test::read(first.index);
  const auto second = done();
  EXPECT_FALSE(second.toml_written);
  EXPECT_EQ(second.unchanged, 3U);
  EXPECT_EQ(second.added + second.changed + second.removed, 0U);
  EXPECT_EQ(test::read(first.toml), toml);
  EXPECT_EQ(test::read(first.index), bytes);
  fs::remove_all(surveys);
  done();
  EXPECT_EQ(test::read(first.toml), toml);
}

TEST_F(IndexSurvey, AgainTakesOnlyWhatChanged) {
  test::write(files / "a_g.fits", test::fits_image(10, 0));
  test::write(files / "b_g.fits", test::fits_image(20, 0));
  done();
  // The same size and time: not opened, so not noticed.
  const auto time = fs::last_write_time(files / "a_g.fits");
  test::write(files / "a_g.fits", std::string(fs::file_size(files / "a_g.fits"), ' '));
  fs::last_write_time(files / "a_g.fits", time);
  test::write(files / "b_g.fits", test::fits_image(30, 0));
  fs::last_write_time(files / "b_g.fits", time + std::chrono::seconds(5));
  test::write(files / "c_g.fits", test::fits_image(40, 0));
  const auto report = done();
  EXPECT_EQ(report.unchanged, 1U);
  EXPECT_EQ(report.changed, 1U);
  EXPECT_EQ(report.added, 1U);
  EXPECT_EQ(report.images, 3U);
  const auto index = *ImageIndex::open(report.index);
  EXPECT_NEAR(sky::to_position(index.image("b_g")->footprint.cap.centre).ra, 30, 0.01);
  fs::remove(files / "c_g.fits");
  EXPECT_EQ(done().removed, 1U);
  // Other rules for what is read: all is read again, and now it shows.
  auto toml = test::read(report.toml);
  const auto header = toml.find("[header]\n");
  ASSERT_NE(header, toml.npos);
  test::write(report.toml, toml.insert(header + 9, "zeropoint = \"ZZ\"\n"));
  const auto again = done();
  EXPECT_EQ(again.images, 1U);
  EXPECT_NE(reason(again, "a_g.fits"), "(not skipped)");
}

TEST_F(IndexSurvey, EveryReasonIsTrue) {
  test::write(files / "good_g.fits", test::fits_image(10, 0));
  test::write(files / "empty.fits", "");
  test::write(files / "text.fits", "this is no FITS file");
  test::write(files / "table.fits", test::fits_bytes({{}}));
  test::write(files / "nowcs_g.fits", test::fits_bytes({{16, 16, {}}}));
  test::write(files / "cut_g.fits", test::fits_image(10, 0).substr(0, 1000));
  test::write(files / "notes.txt", "ignored");
  fs::create_symlink(files / "gone", files / "broken.fits");
  fs::create_directories(files / "sub");
  fs::create_directory_symlink(files, files / "sub/loop");
  ASSERT_EQ(::mkfifo((files / "pipe.fits").c_str(), 0600), 0);
  const auto report = done();
  EXPECT_EQ(report.images, 1U);
  EXPECT_EQ(reason(report, "empty.fits"), "is empty");
  EXPECT_NE(reason(report, "text.fits"), "(not skipped)");
  EXPECT_EQ(reason(report, "table.fits"), "holds no image of two axes");
  EXPECT_THAT(reason(report, "nowcs_g.fits"), HasSubstr("CTYPE"));
  EXPECT_NE(reason(report, "cut_g.fits"), "(not skipped)");
  EXPECT_THAT(reason(report, "broken.fits"), HasSubstr("leads nowhere"));
  EXPECT_THAT(reason(report, "pipe.fits"), HasSubstr("not a regular file"));
  EXPECT_THAT(reason(report, "sub/loop"), HasSubstr("scanned already"));
  EXPECT_EQ(reason(report, "notes.txt"), "(not skipped)");
}

TEST_F(IndexSurvey, NamesThatHeadersContradict) {
  for (const auto band : {"g", "r", "i"})
    test::write(files / (std::string("field_7_") + band + ".fits"),
                test::fits_image(10, 0, {"FILTER  = 'g'"}));
  const auto report = done();
  EXPECT_EQ(report.bands.size(), 3U);
  EXPECT_THAT(test::read(report.toml), HasSubstr("pattern = \"**/field_*_{band}.fits\""));
}

TEST_F(IndexSurvey, SiblingsBecomePlanes) {
  for (const auto night : {"1", "2"})
    for (const auto product : {"ooi", "ood", "oow"})
      test::write(files / (std::string("c4d_") + night + "_" + product + "_g.fits"),
                  test::fits_image(10, 0));
  const auto report = done();
  EXPECT_EQ(report.images, 2U);
  EXPECT_TRUE(report.skipped.empty());
  EXPECT_EQ(ImageIndex::open(report.index)->at(0).planes.size(), 3U);
  EXPECT_EQ(done().images, 2U);
}

TEST_F(IndexSurvey, SiblingsWithoutOnePatternAreAQuestion) {
  test::write(files / "a_image_g.fits", test::fits_image(10, 0));
  test::write(files / "a_mask_g.fits", test::fits_image(10, 0));
  test::write(files / "another.r.fits", test::fits_image(10, 0));
  const auto report = done();
  EXPECT_EQ(report.images, 2U);
  EXPECT_THAT(test::read(report.toml),
              HasSubstr("# a_mask_g looks like a sibling of a_image_g. Which"));
  EXPECT_THAT(reason(report, "a_mask_g.fits"), HasSubstr("looks like the mask"));
}

TEST_F(IndexSurvey, ATomlWithoutRootMeansAbsolutePaths) {
  test::write(files / "a.fits", test::fits_image(10, 0));
  test::write(surveys / "sky.toml", "[survey]\ntitle = \"Sky\"\n");
  const auto report = done();
  EXPECT_EQ(ImageIndex::open(report.index)->at(0).planes[0].path,
            (fs::canonical(files) / "a.fits").string());
  EXPECT_THAT(report.bands, ElementsAre(Pair("sky", 1U)));
  EXPECT_EQ(test::read(report.toml), "[survey]\ntitle = \"Sky\"\n");
}

TEST_F(IndexSurvey, ErrorsSayWhatToDo) {
  EXPECT_THAT(run().error().message, HasSubstr("is not a directory"));
  fs::create_directories(files);
  const auto none = run();
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_EQ(none->images, 0U);
  EXPECT_FALSE(none->toml_written);
  EXPECT_FALSE(fs::exists(none->toml));
  EXPECT_THAT(index_survey({files, "a/b", surveys, {}}).error().message, HasSubstr("'a/b'"));
  EXPECT_THAT(index_survey({{}, "sky", surveys, {}}).error().message,
              HasSubstr("name the directory"));
  test::write(surveys / "sky.toml", "[survey]\nroot = \"elsewhere\"\n");
  EXPECT_THAT(run().error().message, HasSubstr("change one of the two"));
  test::write(surveys / "sky.toml", "[survey]\nroute = \"elsewhere\"\n");
  EXPECT_THAT(run().error().message, HasSubstr("sky.toml:2: unknown key 'route'"));
}

TEST_F(IndexSurvey, ProgressEndsAtTheEnd) {
  test::write(files / "a.fits", test::fits_image(10, 0));
  test::write(files / "b.fits", test::fits_image(10, 1));
  std::vector<std::pair<std::size_t, std::size_t>> calls;
  ASSERT_TRUE(
      index_survey({files, "sky", surveys, [&](auto n, auto of) { calls.emplace_back(n, of); }}));
  EXPECT_THAT(calls, ElementsAre(Pair(0U, 2U), Pair(1U, 2U), Pair(2U, 2U)));
}

}  // namespace
}  // namespace recorte::survey
