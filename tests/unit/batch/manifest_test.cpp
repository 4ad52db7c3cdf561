// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/manifest.hpp"

#include "core/base/io.hpp"
#include "core/batch/manifest_columns.hpp"
#include "core/batch/places.hpp"
#include "plans.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace recorte::batch {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

cutout::Outcome told(std::uint64_t product, double coverage) {
  auto out = test::made(product, coverage);
  out.release = "dr2";
  out.width = 64;
  out.height = 32;
  out.pixel_scale = 0.27 / 3600;
  out.target_x = 32.5;
  out.target_y = 16.123456789;
  out.masked_fraction = 0.125;
  out.mjd_min = 58000.25;
  out.unit = "nJy";
  out.bands = {"g", "r"};
  out.images = {{"T1_g", "g", "a.fits", 0}, {"T1_r", "r", "b.fits", 1}, {"T1_g", "g", "a.fits", 0}};
  out.warnings = {"one", "two \"quoted\", with, commas"};
  out.adapter = "tiles 0.1.0";
  out.algorithm = "cut 1.2";
  return out;
}

/// A job of `rows` rows in a directory: the first ok, the second partial, the third outside, the
/// fourth failed, the others waiting.
class ManifestTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string list =
        "id,ra,dec,Mag,status,\xce\xa9,size\n"
        "0012,10,20,17.50,mine,\" a,\"\"b\"\"\nc\",\n"
        "\xce\xa9 1,11.5,-20,,x,<&>]]>,9px\n"
        "bad\xff\x01,12,20,,,,\n"
        "0012,13,20,,,,\n"
        "last,14,20,,,,\n";
    ASSERT_TRUE(expand({*variants_of(kStamps), {}}, list, "l", {}, plan_file(directory_.path())));
    auto pack = PackWriter::open(directory_.path(), 0);
    ASSERT_TRUE(pack) << pack.error().message;
    ASSERT_TRUE(test::write_item(pack->descriptor(), told(0, 1), "product"));
    ASSERT_TRUE(test::write_item(pack->descriptor(), told(1, 0.5), "other"));
    ASSERT_TRUE(pack->add(test::failed(2, ErrorCode::kNoCoverage, "no image of demo covers it")));
    ASSERT_TRUE(pack->add(test::failed(3, ErrorCode::kData, "T1.fits is broken, \xff")));
    ASSERT_TRUE(pack->seal());
    auto results = Results::open(directory_.path(), {0});
    ASSERT_TRUE(results) << results.error().message;
    results_ = *results;
    job_.id = "0a1b";
    job_.phase = job::Phase::kExecuting;
    job_.created = 1'700'000'000'000'000;
    job_.run_id = "7";
    job_.list = "my \"list\".csv";
    job_.products = 5;
    job_.tally = results_->tally();
  }

  std::string manifest(ManifestForm form) const {
    ManifestReader reader(form, job_, results_);
    std::string out;
    while (true) {
      const auto piece = reader.next();
      EXPECT_TRUE(piece) << piece.error().message;
      if (!piece || piece->empty()) return out;
      out += *piece;
    }
  }

  const TemporaryDirectory directory_;
  std::shared_ptr<const Results> results_;
  job::Job job_;
};

TEST_F(ManifestTest, SaysOfEachProductWhatBecameOfIt) {
  const auto document = json::parse(manifest(ManifestForm::kJson));
  EXPECT_EQ(document.at("job").at("phase"), "EXECUTING");
  EXPECT_EQ(document.at("job").at("run_id"), "7");
  EXPECT_EQ(document.at("job").at("created"), "2023-11-14T22:13:20.000000Z");
  EXPECT_EQ(document.at("job").at("ok"), 1);
  EXPECT_EQ(document.at("job").at("ended"), nullptr);
  const auto& products = document.at("products");
  ASSERT_EQ(products.size(), 5U);
  const auto& first = products[0];
  EXPECT_EQ(first.at("row"), 1);
  EXPECT_EQ(first.at("id"), "0012");
  EXPECT_EQ(first.at("Mag"), "17.50");
  EXPECT_EQ(first.at("list_status"), "mine");
  EXPECT_EQ(first.at("\xce\xa9"), " a,\"b\"\nc");
  EXPECT_EQ(first.at("ra"), 10);
  EXPECT_EQ(first.at("survey"), "demo");
  EXPECT_EQ(first.at("release"), "dr2");
  EXPECT_EQ(first.at("bands"), (json{"g", "r"}));
  EXPECT_EQ(first.at("status"), "ok");
  EXPECT_EQ(first.at("error"), nullptr);
  EXPECT_EQ(first.at("warnings"), "one; two \"quoted\", with, commas");
  EXPECT_EQ(first.at("file"), "0012.fits");
  EXPECT_EQ(first.at("bytes"), 7);
  EXPECT_EQ(first.at("sha256"), "a8792157cb4f27fb949c035f45518c61e884bb86e6f420204379c2baa8beb66e");
  EXPECT_EQ(first.at("width"), 64);
  EXPECT_EQ(first.at("target_y"), 16.123456789);
  EXPECT_EQ(first.at("mjd_max"), nullptr);
  EXPECT_EQ(first.at("images"), (json{"T1_g", "T1_r"}));
  EXPECT_EQ(first.at("adapter"), "tiles");
  EXPECT_EQ(first.at("adapter_version"), "0.1.0");
  EXPECT_EQ(first.at("algorithm_version"), "1.2");
  EXPECT_EQ(first.at("seconds"), 0.25);
  EXPECT_EQ(first.at("request"), "survey=demo&ra=10&dec=20&size=64px&format=fits");
  EXPECT_EQ(products[1].at("status"), "partial");
  EXPECT_EQ(products[1].at("coverage"), 0.5);
  EXPECT_EQ(products[2].at("status"), "no_coverage");
  EXPECT_EQ(products[2].at("id"), "bad?\x01");
  EXPECT_EQ(products[2].at("coverage"), 0);
  EXPECT_EQ(products[2].at("file"), nullptr);
  EXPECT_EQ(products[3].at("status"), "failed");
  EXPECT_EQ(products[3].at("error"), "T1.fits is broken, ?");
  EXPECT_EQ(products[3].at("width"), nullptr);
  EXPECT_EQ(products[4].at("status"), "waiting");
  EXPECT_EQ(products[4].at("coverage"), nullptr);
  EXPECT_EQ(products[4].at("bands"), json::array());
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(json::parse(manifest_json(*results_, i).value()), products[i]) << i;
}

TEST_F(ManifestTest, EveryFormIsValidAndSaysTheSame) {
  if (std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") != 0)
    GTEST_SKIP() << "astropy is not here; install python3-astropy";
  for (const auto* ending : {"json", "csv", "vot", "fits"})
    ASSERT_TRUE(write_file(directory_.path() / (std::string("manifest.") + ending),
                           manifest(*manifest_form(ending))));
  const auto script = recorte::test::source_tree() / "tests/unit/batch/check_manifest.py";
  const auto command = "/usr/bin/python3 " + script.string() + " " + directory_.path().string();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(ManifestTest, ItsOwnCsvIsAListAgain) {
  const auto products = expanded(manifest(ManifestForm::kCsv), {{"size", "64px"}});
  ASSERT_EQ(products.size(), 5U);
  EXPECT_EQ(products[0].id, "0012");
  EXPECT_THAT(products[0].request, HasSubstr("survey=demo&release=dr2&ra=10&dec=20&"));
}

TEST_F(ManifestTest, ABrokenPackIsTold) {
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
    if (entry.path().extension() == ".pack") std::filesystem::resize_file(entry.path(), 70);
  ManifestReader reader(ManifestForm::kCsv, job_, results_);
  const auto piece = reader.next();
  ASSERT_FALSE(piece);
  EXPECT_EQ(piece.error().code, ErrorCode::kData);
}

TEST(Manifest, ComesInPieces) {
  const TemporaryDirectory directory;
  std::string list = "id,ra,dec\n";
  for (int i = 0; i < 5000; ++i) list += "x,1,2\n";
  ASSERT_TRUE(expand({*variants_of(kStamps), {}}, list, "l", {}, plan_file(directory.path())));
  const auto results = Results::open(directory.path(), {});
  ASSERT_TRUE(results);
  for (const auto form :
       {ManifestForm::kJson, ManifestForm::kCsv, ManifestForm::kVotable, ManifestForm::kFits}) {
    ManifestReader reader(form, {}, *results);
    std::size_t pieces = 0, size = 0;
    for (auto piece = reader.next(); piece && !piece->empty(); piece = reader.next()) {
      EXPECT_LT(piece->size(), 200'000U);
      size += piece->size();
      ++pieces;
    }
    EXPECT_GT(pieces, 5U);
    EXPECT_TRUE(form != ManifestForm::kFits || size % 2880 == 0);
  }
}

TEST(Manifest, ColumnsOfTheListThatClashArePrefixed) {
  const ManifestHead head({"RA", "mag", "list_ra", "", "Mag"});
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 7; ++i) names.push_back(head.name(i));
  EXPECT_THAT(names,
              ElementsAre("row", "id", "list_RA", "mag", "list_list_ra", "list_", "list_Mag"));
  EXPECT_EQ(head.size(), manifest_columns().size() + 5);
}

TEST(Manifest, FormsAreCalledByTheirEnding) {
  EXPECT_EQ(manifest_form("vot"), ManifestForm::kVotable);
  EXPECT_EQ(media_type(*manifest_form("fits")), "application/fits");
  EXPECT_FALSE(manifest_form("xml"));
}

TEST(Manifest, ReferencePageIsCurrent) {
  const auto path = recorte::test::source_tree() / "docs/reference/manifest.md";
  const auto page = read_file(path);
  const auto current = manifest_markdown();
  if (page == current) return;
  const auto fresh = testing::TempDir() + "manifest.md";
  ASSERT_TRUE(write_file(fresh, current));
  FAIL() << path << " is not what the table says: cp " << fresh << " " << path;
}

}  // namespace
}  // namespace recorte::batch
