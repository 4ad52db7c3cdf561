// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/survey_file.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace recorte::survey {
namespace {

using testing::HasSubstr;

Result<SurveyFile> parsed(const std::string& text) {
  const auto document = config::parse_toml(text, "/srv/surveys/des.toml");
  if (!document) return fail(document.error());
  return survey_file_of(*document);
}

std::string refused(const std::string& text) {
  const auto survey = parsed(text);
  EXPECT_FALSE(survey) << text;
  return survey ? "" : survey.error().message;
}

constexpr const char* kDes = R"([survey]
id = "des_dr2"
title = "DES Data Release 2"
citation = "https://doi.org/10.3847/1538-4365/ac00b3"
access_group = ""
tiles = "des_dr2_tiles.csv"
path = "{archive_path}/{tilename}_r*p*_{band}.fits.fz"
keep = "newest"
planes = { image = "SCI", mask = "MSK", weight = "WGT" }
zeropoint = 30.0
unit = "count"

[bands]
g = "398..548nm"
r = "568..716nm"
i = "710..857nm"
z = "850..1002nm"
Y = "931..1097nm"

[colour.lupton]
rgb = ["i", "r", "g"]
Q = 10
stretch = 8
)";

TEST(SurveyFile, TheTiledExampleOfTheDesign) {
  const auto survey = parsed(kDes);
  ASSERT_TRUE(survey) << survey.error().message;
  EXPECT_EQ(survey->id, "des_dr2");
  EXPECT_EQ(survey->tiles, "/srv/surveys/des_dr2_tiles.csv");
  EXPECT_EQ(survey->root, "/srv/surveys");
  EXPECT_FALSE(survey->root_given);
  EXPECT_EQ(survey->index, "/srv/surveys/des_dr2.index");
  EXPECT_EQ(survey->keep, SurveyFile::Keep::kNewest);
  ASSERT_EQ(survey->planes.size(), 3U);
  EXPECT_EQ(survey->planes[0].role, "image");
  EXPECT_EQ(std::get<std::string>(survey->planes[1].choice), "WGT");
  EXPECT_EQ(survey->zeropoint, 30.0);
  ASSERT_EQ(survey->bands.size(), 5U);
  EXPECT_EQ(survey->bands.front().name, "g");
  EXPECT_EQ(survey->bands.back().name, "Y");
  EXPECT_NEAR(survey->bands.front().lambda_min, 398e-9, 1e-15);
  EXPECT_EQ(survey->lupton->rgb, (std::vector<std::string>{"i", "r", "g"}));
  EXPECT_EQ(survey->lupton->stretch, 8);
}

TEST(SurveyFile, TheEpochsExampleOfTheDesign) {
  const auto survey = parsed(R"([survey]
id = "ztf_sci"
kind = "epochs"
pattern = "**/ztf_{fracday}_{field}_{band}_c{ccd}_o_q{q}_{product}.fits"
planes = { image = "sciimg", mask = "mskimg" }
public_after = "540d"
access_group = "ztf-partners"
[header]
t_min = "OBSMJD"
exptime = "EXPTIME"
zeropoint = "MAGZP"
[bands]
zg = "409..552nm"
zr = "560..732nm"
zi = "703..888nm"
)");
  ASSERT_TRUE(survey) << survey.error().message;
  EXPECT_EQ(survey->kind, SurveyFile::Kind::kEpochs);
  EXPECT_EQ(survey->public_after_days, 540);
  EXPECT_EQ(survey->header.t_min, "OBSMJD");
  EXPECT_TRUE(survey->header.any());
}

TEST(SurveyFile, UnknownKeysNameFileLineAndTheNearest) {
  EXPECT_EQ(refused("[survey]\nid = \"a\"\ntitel = \"b\"\n"),
            "/srv/surveys/des.toml:3: unknown key 'titel' in [survey]; did you mean 'title'?");
  EXPECT_THAT(refused("[survye]\n"), HasSubstr("did you mean 'survey'?"));
  EXPECT_THAT(refused("[survey]\nplanes = { image = \"SCI\", wieght = \"W\" }\n"),
              HasSubstr("toml:2: unknown key 'wieght' in planes; did you mean 'weight'?"));
  EXPECT_THAT(refused("[header]\n\ntmin = \"X\"\n"), HasSubstr("toml:3: unknown key 'tmin'"));
}

TEST(SurveyFile, ValuesThatMakeNoSense) {
  EXPECT_THAT(refused("[survey]\ntitle = 3\n"), HasSubstr("toml:2: 'title' is text"));
  EXPECT_THAT(refused("[survey]\nzeropoint = \"30\"\n"), HasSubstr("without quotes"));
  EXPECT_THAT(refused("[survey]\nid = \"a/b\"\n"), HasSubstr("'a/b'"));
  EXPECT_THAT(refused("[survey]\nkind = \"cubes\"\n"), HasSubstr("'cubes'"));
  EXPECT_THAT(refused("[survey]\nkeep = \"newest\"\n"), HasSubstr("needs 'tiles'"));
  EXPECT_THAT(refused("[survey]\ntiles = \"t.csv\"\n"), HasSubstr("need each other"));
  EXPECT_THAT(refused("[survey]\npixel_scale = \"0.2\"\n"), HasSubstr("toml:2"));
  EXPECT_THAT(refused("[survey]\npixel_scale = \"2px\"\n"), HasSubstr("angle"));
  EXPECT_THAT(refused("[survey]\npublic_after = \"1d\"\n"), HasSubstr("access_group"));
  EXPECT_THAT(refused("[survey]\nplanes = { mask = \"M\" }\n"), HasSubstr("which is the image"));
  EXPECT_THAT(refused("[survey]\nplanes = { image = -1 }\n"), HasSubstr("-1"));
  EXPECT_THAT(refused("[survey]\npattern = \"{product}.fits\"\n"), HasSubstr("planes"));
  EXPECT_THAT(refused("[survey]\npattern = \"{band.fits\"\n"), HasSubstr("brace"));
  EXPECT_THAT(refused("[bands]\ng = \"blue\"\n"), HasSubstr("toml:2: 'blue'"));
  EXPECT_THAT(refused("[bands]\ng = \"\"\n[band_aliases]\nG = \"r\"\n"), HasSubstr("toml:4: 'r'"));
  EXPECT_THAT(refused("[bands]\ng = \"\"\n[colour.lupton]\nrgb = [\"g\", \"g\", \"x\"]\n"),
              HasSubstr("'x'"));
  EXPECT_THAT(refused("[colour.lupton]\nrgb = [\"g\"]\n"), HasSubstr("from red to blue"));
  EXPECT_THAT(refused("[example]\nra = 1\n"), HasSubstr("ra and dec"));
  EXPECT_THAT(refused("[example]\nra = 1\ndec = 91\n"), HasSubstr("dec"));
  EXPECT_THAT(refused("survey = 1\n"), HasSubstr("table"));
}

TEST(SurveyFile, DefaultsForScansGiveWayToATableOfTiles) {
  const auto defaults = nlohmann::json::parse(
      R"({"survey": {"pattern": "**/{band}.fits", "path": "{name}_{band}.fits", "keep": "newest"},
          "bands": {"g": ""}})");
  const auto of = [&](const std::string& more) {
    const auto file = *config::parse_toml("[survey]\nplugin = \"des\"\n" + more, "/d/x.toml");
    return survey_file_of(file.completed(defaults, "the plugin des 1.0.0", {"/survey"}));
  };
  const auto scan = of("");
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_EQ(scan->pattern, "**/{band}.fits");
  EXPECT_EQ(scan->path, "");
  EXPECT_EQ(scan->keep, SurveyFile::Keep::kAll);
  const auto table = of("tiles = \"t.csv\"\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->pattern, "");
  EXPECT_EQ(table->path, "{name}_{band}.fits");
  EXPECT_EQ(table->keep, SurveyFile::Keep::kNewest);
  EXPECT_FALSE(of("path = \"{name}.fits\"\n")) << "what the file itself says is meant";
  EXPECT_TRUE(of("[des]\nsecret = 1\n")) << "the adapter's own section";
  EXPECT_FALSE(of("[dse]\nsecret = 1\n"));
}

TEST(SurveyFile, BandsAreFoundByNameAliasAndCase) {
  const auto survey = parsed(
      "[bands]\ng = \"\"\nY = \"931..1097nm\"\ny = \"918..1001nm\"\nJ = \"\"\n"
      "[band_aliases]\n\"g.MP9402\" = \"g\"\n");
  ASSERT_TRUE(survey) << survey.error().message;
  EXPECT_EQ(survey->id, "des");
  EXPECT_TRUE(std::isnan(survey->bands.back().lambda_min));
  EXPECT_EQ(survey->listed_band("g.MP9402"), "g");
  EXPECT_EQ(survey->listed_band("Y"), "Y");
  EXPECT_EQ(survey->listed_band("j"), "J");
  EXPECT_FALSE(survey->listed_band("u"));
}

}  // namespace
}  // namespace recorte::survey
