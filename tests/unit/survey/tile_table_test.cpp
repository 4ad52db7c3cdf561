// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/tile_table.hpp"

#include "core/survey/index_survey.hpp"
#include "core/survey/path_template.hpp"
#include "core/table/csv.hpp"
#include "core/table/visit.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

namespace recorte::survey {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::vector<sky::Footprint>> footprints(const std::string& csv, double size = 0,
                                               double margin = -1) {
  const auto table = table::parse_csv(csv, "t.csv");
  EXPECT_TRUE(table) << table.error().message;
  return tile_footprints(*table, size, margin);
}

bool holds(const sky::Footprint& footprint, double ra, double dec) {
  return sky::may_meet(footprint, {sky::to_vector({ra, dec}), 1e-6});
}

TEST(TileFootprints, CornersThatPassOrWrapRaZero) {
  for (const auto row : {"359.7;-1;360.4;0", "359.7;-1;0.4;0", "-0.3;-1;0.4;0", "0.4;-1;359.7;0"}) {
    const auto tiles = footprints(std::string("rall;decll;raur;decur\n") + row + "\n");
    ASSERT_TRUE(tiles) << tiles.error().message;
    EXPECT_TRUE(holds(tiles->front(), 359.7, -1)) << row;
    EXPECT_TRUE(holds(tiles->front(), 0.4, 0)) << row;
    EXPECT_TRUE(holds(tiles->front(), 0, -0.5)) << row;
    EXPECT_FALSE(holds(tiles->front(), 1, -0.5)) << row;
    EXPECT_FALSE(holds(tiles->front(), 359, -0.5)) << row;
    EXPECT_FALSE(holds(tiles->front(), 180, -0.5)) << row;
  }
}

TEST(TileFootprints, MarginIsTwoPercentUnlessGiven) {
  const auto csv = "rall,decll,raur,decur\n10,-0.5,11,0.5\n";
  EXPECT_TRUE(holds(footprints(csv)->front(), 11.015, 0));
  EXPECT_FALSE(holds(footprints(csv)->front(), 11.05, 0));
  EXPECT_TRUE(holds(footprints(csv, 0, 0.1)->front(), 11.05, 0));
}

TEST(TileFootprints, FourCornersLimitsAndCentres) {
  const auto corners = footprints("ra1,dec1,ra2,dec2,ra3,dec3,ra4,dec4\n10,0,11,0,11,1,10,1\n");
  ASSERT_TRUE(corners) << corners.error().message;
  EXPECT_TRUE(holds(corners->front(), 10.5, 0.5));
  EXPECT_FALSE(holds(corners->front(), 11.5, 0.5));
  const auto bricks = footprints("brick,ra,dec,ra1,ra2,dec1,dec2\nb,10.5,0.5,10,11,0,1\n");
  ASSERT_TRUE(bricks) << bricks.error().message;
  EXPECT_TRUE(holds(bricks->front(), 10.99, 0.99));
  EXPECT_FALSE(holds(bricks->front(), 11.2, 0.5));
  const auto centres = footprints("RA_CENT,DEC_CENT\n0,80\n", 0.73);
  ASSERT_TRUE(centres) << centres.error().message;
  EXPECT_TRUE(holds(centres->front(), 358.1, 80.3));
  EXPECT_FALSE(holds(centres->front(), 0, 80.5));
  EXPECT_TRUE(holds(footprints("ra,dec,size\n5,5,2\n")->front(), 5.9, 5.9));
  EXPECT_TRUE(holds(footprints("ra,dec,size\n5,90,2\n")->front(), 200, 89.5));
}

TEST(TileFootprints, ErrorsNameLineAndColumn) {
  EXPECT_THAT(footprints("rall,decll,raur,decur\n1,2,3,x\n").error().message,
              AllOf(HasSubstr("t.csv:2"), HasSubstr("'x' in column decur")));
  EXPECT_THAT(footprints("rall,decll,raur,decur\n1,-91,3,0\n").error().message,
              HasSubstr("declination"));
  EXPECT_THAT(footprints("rall,decll,raur,decur\n1,0,1,0\n").error().message,
              HasSubstr("corners are the same"));
  EXPECT_THAT(footprints("ra,dec\n1,2\n").error().message, HasSubstr("tile_size"));
  EXPECT_THAT(footprints("name,flux\na,1\n").error().message, HasSubstr("name, flux"));
}

TEST(PathTemplate, FillsEscapesAndFinds) {
  test::TempDir dir;
  for (const auto name :
       {"a/T_r9p01_g.fits", "a/T_r10p01_g.fits", "a/T_r10p01_r.fits", "b/x*y.fits", "b/xzy.fits"})
    test::write(dir.path / name, "x");
  Globber globber(dir.path);
  EXPECT_THAT(globber.find("a/T_r*p*_g.fits"),
              ElementsAre("a/T_r9p01_g.fits", "a/T_r10p01_g.fits"));
  EXPECT_THAT(globber.find("*/T_r*_r.fits"), ElementsAre("a/T_r10p01_r.fits"));
  EXPECT_TRUE(globber.find("a").empty());
  EXPECT_TRUE(globber.find("nowhere/*.fits").empty());
  const auto names = *PathTemplate::parse("b/{name}.fits");
  EXPECT_THAT(globber.find(*names.fill([](const auto&) { return "x*y"; })),
              ElementsAre("b/x*y.fits"));
  EXPECT_FALSE(names.fill([](const auto&) { return "../secret"; }));
  const auto nested = *PathTemplate::parse("{name:3}/{name}.fits");
  EXPECT_EQ(nested.fields(), std::vector<std::string>{"name"});
  EXPECT_EQ(*nested.fill([](const std::string&) { return "1238p245"; }), "123/1238p245.fits");
  for (const auto* wrong : {"{a:}", "{a:0}", "{a:-1}", "{a:x}"})
    EXPECT_FALSE(PathTemplate::parse(wrong)) << wrong;
  EXPECT_FALSE(PathTemplate::parse("{a"));
  EXPECT_FALSE(PathTemplate::parse("**/x"));
}

TEST(FitsTable, IsReadAsWellAsCsv) {
  // 2 rows of a 6-character name and two doubles, written by hand: FITS 4.0, section 7.3.
  const auto doubles = [](double value) {
    std::string out(8, '\0');
    std::memcpy(out.data(), &value, 8);
    return std::string(out.rbegin(), out.rend());
  };
  auto bytes = test::fits_bytes({{}});
  std::string header;
  for (std::string card :
       {"XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 22", "NAXIS2  = 2",
        "PCOUNT  = 0", "GCOUNT  = 1", "TFIELDS = 3", "TTYPE1  = 'NAME'", "TFORM1  = '6A'",
        "TTYPE2  = 'RA'", "TFORM2  = 'D'", "TTYPE3  = 'DEC'", "TFORM3  = 'D'", "END"}) {
    card.resize(80, ' ');
    header += card;
  }
  header.resize(2880, ' ');
  std::string rows =
      "tile1 " + doubles(10.1) + doubles(-5) + "tile22" + doubles(359.5) + doubles(0.25);
  rows.resize(2880, '\0');
  test::TempDir dir;
  test::write(dir.path / "t.fits", bytes + header + rows);
  const auto table = table::read_table(dir.path / "t.fits");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->columns, ElementsAre("NAME", "RA", "DEC"));
  EXPECT_THAT(table->rows, ElementsAre(ElementsAre("tile1", "10.1", "-5"),
                                       ElementsAre("tile22", "359.5", "0.25")));
  test::write(dir.path / "none.fits", bytes);
  EXPECT_THAT(table::read_table(dir.path / "none.fits").error().message,
              HasSubstr("no binary table"));
  test::write(dir.path / "cut.fits", (bytes + header).substr(0, 4000));
  EXPECT_FALSE(table::read_table(dir.path / "cut.fits"));
}

constexpr const char* kDesToml = R"([survey]
id = "des_dr2"
root = "files"
tiles = "tiles.csv"
path = "{archive_path}/{tilename}_r*p*_{band}.fits.fz"
keep = "newest"
planes = { image = "SCI", mask = "MSK", weight = "WGT" }
zeropoint = 30.0
unit = "count"
[bands]
g = "398..548nm"
r = "568..716nm"
)";

TEST(TileTable, NewestReprocessingAndWhatIsNotThere) {
  test::TempDir dir;
  test::write(dir.path / "des_dr2.toml", kDesToml);
  test::write(dir.path / "tiles.csv",
              "tilename;rall;decll;raur;decur;archive_path\nT1;10;0;10.73;0.73;p/"
              "T1\nT2;11;0;11.73;0.73;p/T2\n");
  for (const auto name :
       {"p/T1/T1_r9p01_g.fits.fz", "p/T1/T1_r10p01_g.fits.fz", "p/T1/T1_r10p01_r.fits.fz"})
    test::write(dir.path / "files" / name, "");
  const auto report = index_survey({{}, "des_dr2", dir.path, {}});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->images, 2U);
  EXPECT_EQ(report->added, 2U);
  ASSERT_EQ(report->skipped.size(), 2U);
  EXPECT_THAT(report->skipped[0].path, HasSubstr("T2 ("));
  EXPECT_THAT(report->skipped[0].reason, HasSubstr("p/T2/T2_r*p*_g.fits.fz"));
  const auto index = ImageIndex::open(report->index);
  ASSERT_TRUE(index);
  const auto g = index->image("p/T1/T1_r10p01_g");
  ASSERT_TRUE(g) << g.error().message;
  EXPECT_EQ(g->planes.size(), 3U);
  EXPECT_EQ(g->planes[1].extname, "WGT");
  EXPECT_EQ(g->planes[1].hdu, -1);
  EXPECT_EQ(g->zeropoint, 30);
  EXPECT_EQ(g->width, 0);
  EXPECT_THAT(report->example->bands, ElementsAre("g", "r"));
}

TEST(TileTable, HeaderRulesOpenTheFiles) {
  test::TempDir dir;
  test::write(dir.path / "des_dr2.toml", std::string(kDesToml) + "[header]\nt_min = \"BEGAN\"\n");
  test::write(dir.path / "tiles.csv", "tilename;ra;dec;size;archive_path\nT1;10;0;0.73;p\n");
  const auto plane = [](const char* name) {
    return test::FitsHdu{
        16, 16, test::sky(10, 0, {std::string("EXTNAME = '") + name + "'", "BEGAN   = 57001.5"})};
  };
  test::write(dir.path / "files/p/T1_r1p1_g.fits.fz",
              test::fits_bytes({{}, plane("SCI"), plane("MSK"), plane("WGT")}));
  const auto report = index_survey({{}, "des_dr2", dir.path, {}});
  ASSERT_TRUE(report) << report.error().message;
  const auto index = *ImageIndex::open(report->index);
  ASSERT_EQ(index.size(), 1U);
  const auto image = index.at(0);
  EXPECT_EQ(image.band, "g");
  EXPECT_EQ(image.t_min, 57001.5);
  EXPECT_EQ(image.width, 16);
  EXPECT_LT(image.footprint.cap.radius, 0.01);
  ASSERT_EQ(image.planes.size(), 3U);
  EXPECT_EQ(image.planes[0].hdu, 1);
  EXPECT_EQ(index_survey({{}, "des_dr2", dir.path, {}})->unchanged, 1U);
}

TEST(TileTable, FilesThatLieElsewhereAreTakenAsTheyAreNamed) {
  test::TempDir dir;
  const auto indexed = [&](const std::string& path, const std::string& names) {
    test::write(dir.path / "far.toml",
                "[survey]\ntiles = \"tiles.csv\"\npath = \"" + path + "\"\n[bands]\ng = \"\"\n");
    test::write(dir.path / "tiles.csv", "name,ra,dec,size\n" + names);
    const auto report = index_survey({{}, "far", dir.path, {}});
    EXPECT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->images, 2U);
    return *ImageIndex::open(report->index);
  };
  const auto tiles = indexed("https://a.org/dr1/{name}/{band}.fits", "T?1,10,0,1\nT2,20,0,1\n");
  const auto tile = tiles.image("T2/g");
  ASSERT_TRUE(tile) << tile.error().message;
  EXPECT_EQ(tile->planes.front().path, "https://a.org/dr1/T2/g.fits");
  // Whole URIs in the table.
  const auto whole =
      indexed("{name}", "https://a.org/x/1.fits?key=secret,10,0,1\ns3://bucket/2.fits,20,0,1\n");
  ASSERT_TRUE(whole.image("x/1"));
  EXPECT_EQ(whole.image("x/1")->planes.front().path, "https://a.org/x/1.fits?key=secret");
  EXPECT_TRUE(whole.image("2"));
}

TEST(TileTable, MistakesAreNamed) {
  test::TempDir dir;
  test::write(dir.path / "tiles.csv", "tilename;ra;dec\nT1;10;0\n");
  const auto message = [&](const std::string& toml) {
    test::write(dir.path / "x.toml", toml);
    const auto report = index_survey({{}, "x", dir.path, {}});
    EXPECT_FALSE(report);
    return report ? "" : report.error().message;
  };
  const std::string head = "[survey]\ntiles = \"tiles.csv\"\n";
  EXPECT_THAT(message(head + "path = \"{tile}.fits\"\n[bands]\ng = \"\"\n"), HasSubstr("{tile}"));
  EXPECT_THAT(message(head + "path = \"{tilename}.fits\"\n"), HasSubstr("[bands]"));
  const std::string far = head + "path = \"https://a.org/{tilename}_";
  EXPECT_THAT(message(far + "*.fits\"\n[bands]\ng = \"\"\n"), HasSubstr("x.toml:3: no directory"));
  EXPECT_THAT(message(far + ".fits\"\n[bands]\ng = \"\"\n[header]\nt_min = \"BEGAN\"\n"),
              HasSubstr("headers of remote files are not read"));
  EXPECT_THAT(message("[survey]\ntiles = \"no.csv\"\npath = \"{tilename}.fits\"\n"),
              HasSubstr("no.csv"));
}

TEST(TileTable, TheTenThousandTilesOfDes) {
  const auto csv = recorte::test::survey_data() / "des_dr2_tiles.csv";
  if (!std::filesystem::exists(csv)) GTEST_SKIP() << csv << " is not here; set RECORTE_TEST_DATA";
  const auto table = table::read_table(csv);
  ASSERT_TRUE(table) << table.error().message;
  test::TempDir dir;
  std::filesystem::copy_file(csv, dir.path / "tiles.csv");
  test::write(dir.path / "des_dr2.toml", kDesToml);
  // The files of every fourth tile, and of all that lie across RA 0.
  const auto crosses = [](const std::vector<std::string>& row) {
    return std::stod(row[3]) > 360 || std::stod(row[3]) < std::stod(row[1]);
  };
  std::vector<std::vector<std::string>> there;
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    const auto& row = table->rows[i];
    if (i % 4 && !crosses(row)) continue;
    there.push_back(row);
    for (const auto band : {"g", "r"})
      test::write(dir.path / "files" / row[5] / (row[0] + "_r4907p01_" + band + ".fits.fz"), "");
  }
  const auto report = index_survey({{}, "des_dr2", dir.path, {}});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->images, 2 * there.size());
  EXPECT_EQ(report->skipped.size(), 2 * (table->rows.size() - there.size()));
  const auto index = ImageIndex::open(report->index);
  ASSERT_TRUE(index);
  const auto near = [&](double ra, double dec) {
    std::vector<std::string> out;
    index->find({sky::to_vector({ra, dec}), 0.001}, "g",
                [&](const ImageRecord& i) { out.push_back(i.id); });
    return out;
  };
  // Every tile answers at its centre, those across RA 0 among them, and few others do.
  std::size_t across = 0;
  for (const auto& row : there) {
    const double ll = std::stod(row[1]), ur = std::stod(row[3]);
    const double width = std::fmod(ur - ll + 720, 360);
    across += crosses(row);
    const double ra = std::fmod(ll + width / 2, 360),
                 dec = (std::stod(row[2]) + std::stod(row[4])) / 2;
    const auto found = near(ra, dec);
    EXPECT_THAT(found, testing::Contains(HasSubstr(row[0]))) << ra << " " << dec;
    EXPECT_LT(found.size(), 5U) << row[0];
  }
  EXPECT_GT(across, 0U);
}

}  // namespace
}  // namespace recorte::survey
