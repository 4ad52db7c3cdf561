// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/ask.hpp"

#include "plans.hpp"

#include <gmock/gmock.h>

#include <set>

namespace recorte::batch {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> names(const std::vector<Planned>& products) {
  std::vector<std::string> out;
  for (const auto& product : products) out.push_back(product.name);
  return out;
}

TEST(Ask, RepeatedSurveysBandsAndFormatsMultiply) {
  const auto variants = *variants_of({{"survey", "a"},
                                      {"size", "1px"},
                                      {"Bands", "g,r"},
                                      {"survey", "b"},
                                      {"bands", "i"},
                                      {"param", "Q=8"},
                                      {"param", "W=2"}});
  ASSERT_EQ(variants.size(), 4U);
  EXPECT_EQ(
      variants[1],
      (Values{
          {"size", "1px"}, {"param", "Q=8"}, {"param", "W=2"}, {"survey", "a"}, {"bands", "i"}}));
  EXPECT_EQ(*variants_of({}), std::vector<Values>{{}});
}

TEST(Ask, VariantsAreCountedBeforeTheyAreMade) {
  Values many;
  for (const auto* name : {"survey", "bands"})
    for (int i = 0; i < 5'000; ++i) many.emplace_back(name, std::to_string(i));
  const auto refusal = variants_of(many);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(refusal.error().message, AllOf(HasSubstr("5000 of survey times 5000 of bands"),
                                             HasSubstr("1000"), HasSubstr("several jobs")));

  const auto of = [](int surveys, int bands) {
    Values out;
    for (int i = 0; i < surveys; ++i) out.emplace_back("survey", std::to_string(i));
    for (int i = 0; i < bands; ++i) out.emplace_back("bands", std::to_string(i));
    return out;
  };
  EXPECT_EQ(variants_of(of(40, 25))->size(), kMostVariants);
  EXPECT_FALSE(variants_of(of(7, 143)));
  auto long_ones = of(1'000, 1);
  EXPECT_TRUE(variants_of(long_ones));
  long_ones.emplace_back("param", "note=" + std::string(100'000, 'x'));
  EXPECT_THAT(variants_of(long_ones).error().message, HasSubstr("64MiB"));
}

TEST(Ask, ARepeatedValueCountsOnce) {
  Values again;
  for (int i = 0; i < 5'000; ++i)
    again.emplace_back(i % 2 ? "bands" : "survey", i % 4 < 2 ? "g" : "r");
  EXPECT_EQ(variants_of(again)->size(), 4U);
}

TEST(Ask, WhatARowMakesTheSameIsWorkAllTheSame) {
  std::string list = "ra,dec,survey\n";
  for (int i = 0; i < 10; ++i) list += "1,2,demo\n";
  Values many{{"size", "9px"}};
  for (int i = 0; i < 1'000; ++i) many.emplace_back("survey", "s" + std::to_string(i));
  EXPECT_EQ(expanded(list, many).size(), 10U);
  EXPECT_THAT(refused(list, many, {.positions = 10, .products = 9'999}).message,
              HasSubstr("more than 9999 products"));
}

TEST(Ask, IdsAreKeptAsSentAndMayRepeat) {
  const auto products = expanded(
      "id,ra,dec,mag,note\n0012,10,20,17.50,\"a, b\"\n9007199254740993,11,20,,\n"
      "NGC 1/a,12,20,1,x\n0012,10,20,2,\n");
  ASSERT_EQ(products.size(), 4U);
  EXPECT_EQ(products[0].id, "0012");
  EXPECT_EQ(products[1].id, "9007199254740993");
  EXPECT_THAT(products[0].columns, ElementsAre("17.50", "a, b"));
  EXPECT_EQ(products[0].request, "survey=demo&ra=10&dec=20&size=64px&format=fits");
  EXPECT_EQ(products[3].row, 4U);
  EXPECT_THAT(names(products),
              ElementsAre("0012.fits", "9007199254740993.fits", "NGC_1_a.fits", "0012_4.fits"));
}

TEST(Ask, WithoutIdsRowsAreCalledByTheirNumber) {
  EXPECT_THAT(names(expanded("ra,dec\n1,2\n3,4\n")), ElementsAre("1.fits", "2.fits"));
  EXPECT_THAT(names(expanded("objid,name,ra,dec\n7,M 1,1,2\n")), ElementsAre("M_1.fits"));
  EXPECT_THAT(names(expanded("id,ra,dec\n,1,2\n")), ElementsAre("demo_1.00000_+2.00000.fits"));
}

TEST(Ask, ARowsOwnValuesTakeThePlaceOfTheJobs) {
  const auto products = expanded(
      "id,ra,dec,size,FORMAT,circle,bands\na,1,2,8px,png,,\nb,,,,,5 6 0.1,\nc,1,2,,,,\"g,r\"\n");
  ASSERT_EQ(products.size(), 3U);
  EXPECT_EQ(products[0].request, "survey=demo&ra=1&dec=2&size=8px&format=png");
  EXPECT_EQ(products[0].name, "a.png");
  EXPECT_EQ(products[1].request, "survey=demo&circle=5+6+0.1&format=fits");
  EXPECT_EQ(products[2].request, "survey=demo&ra=1&dec=2&size=64px&bands=g,r&format=fits");
}

TEST(Ask, NamesTellVariantsApart) {
  const auto products = expanded("id,ra,dec\nM1,1,2\n", {{"survey", "des_dr2"},
                                                         {"survey", "hsc"},
                                                         {"size", "9px"},
                                                         {"bands", "g,r,i"},
                                                         {"bands", "z"},
                                                         {"format", "fits"},
                                                         {"format", "png"}});
  EXPECT_THAT(names(products),
              ElementsAre("M1_des_dr2_g_r_i.fits", "M1_des_dr2_g_r_i.png", "M1_des_dr2_z.fits",
                          "M1_des_dr2_z.png", "M1_hsc_g_r_i.fits", "M1_hsc_g_r_i.png",
                          "M1_hsc_z.fits", "M1_hsc_z.png"));
}

TEST(Ask, ARowThatNamesItsSurveyIsMadeOnceOfIt) {
  const Values both{{"survey", "a"}, {"survey", "b"}, {"size", "9px"}};
  EXPECT_THAT(names(expanded("id,ra,dec,survey\nx,1,2,\ny,1,2,c\n", both)),
              ElementsAre("x_a.fits", "x_b.fits", "y_c.fits"));
}

TEST(Ask, NoTwoFilesShareAName) {
  std::string list = "id,ra,dec\n";
  for (int i = 1; i <= 300; ++i)
    list += i % 2 ? "a,1,2\n" : "a_" + std::to_string(i + 1) + ",1,2\n";
  std::set<std::string> seen;
  for (const auto& name : names(expanded(list))) EXPECT_TRUE(seen.insert(name).second) << name;
  EXPECT_EQ(seen.size(), 300U);
}

TEST(Ask, PositionsUnderTheNamesOfCatalogues) {
  for (const auto* head : {"RA,Dec", "RAJ2000,DEJ2000", "_RAJ2000,_DEJ2000", "ra_deg,dec_deg",
                           "RA_ICRS,DE_ICRS", "ALPHA_J2000,DELTA_J2000"}) {
    const auto products = expanded(std::string(head) + "\n10:00:24,-2.5\n");
    ASSERT_EQ(products.size(), 1U) << head;
    EXPECT_THAT(products[0].request, HasSubstr("ra=150.1&dec=-2.5&"));
    EXPECT_TRUE(products[0].columns.empty());
  }
  // Of its own name it is, whatever else there is; that is carried.
  EXPECT_THAT(expanded("ra,dec,RAJ2000,DEJ2000\n1,2,3,4\n")[0].columns, ElementsAre("3", "4"));
  EXPECT_THAT(refused("_RAJ2000,_DEJ2000,RAJ2000,DEJ2000\n1,2,3,4\n").message,
              AllOf(HasSubstr("raj2000"), HasSubstr("call those that are ra, dec")));
}

TEST(Ask, TheFirstTenBadRowsAreNamedWithTheirLines) {
  std::string list = "# mine\nid,ra,dec\n";
  for (int i = 0; i < 30; ++i) list += "x," + std::to_string(i * 20) + ",1\n";
  const auto error = refused(list);
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_THAT(error.message, HasSubstr("list.csv:22: the right ascension 380 is outside"));
  EXPECT_THAT(error.message, HasSubstr("list.csv:31: "));
  EXPECT_THAT(error.message, Not(HasSubstr("list.csv:32: ")));
  EXPECT_EQ(std::ranges::count(error.message, '\n'), 10);

  const auto mixed = refused("id,ra,dec\na,1,2\nb,1\nc,x,2\nd,1,2\n").message;
  EXPECT_THAT(mixed, AllOf(HasSubstr("list.csv:3: 2 fields"), HasSubstr("list.csv:4: 'x'")));
}

TEST(Ask, ABadRowIsToldInOneShortLineOfGoodText) {
  const auto message = refused("ra,dec\n" + std::string(100'000, '\xff') + ",2\n").message;
  EXPECT_LT(message.size(), 1000U);
  EXPECT_THAT(message, Not(HasSubstr("\xff")));
  const auto columns = refused(std::string(100'000, '\xff') + "\n1\n").message;
  EXPECT_LT(columns.size(), 1000U);
  EXPECT_THAT(columns, Not(HasSubstr("\xff")));
}

TEST(Ask, BoundsAreNamed) {
  const std::string list = "ra,dec\n1,2\n3,4\n5,6\n";
  auto error = refused(list, kStamps, {.positions = 2, .products = 100});
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, HasSubstr("more than 2 rows"));
  error = refused(list, {{"survey", "a"}, {"survey", "b"}, {"size", "1px"}},
                  {.positions = 3, .products = 5});
  EXPECT_EQ(error.code, ErrorCode::kTooLarge);
  EXPECT_THAT(error.message, HasSubstr("more than 5 products"));
}

TEST(Ask, ListsThatAreNone) {
  EXPECT_THAT(refused("ra,dec\n").message, HasSubstr("has no rows"));
  EXPECT_THAT(refused("").message, HasSubstr("empty"));
  EXPECT_THAT(refused("hello,world\n1,2\n").message, HasSubstr("no column is a parameter"));
  EXPECT_THAT(refused("ra,RA,dec\n1,2,3\n").message, HasSubstr("two columns are the parameter ra"));
  EXPECT_THAT(refused("ra,dec\n1,2\n", {{"survey", "demo"}}).message,
              HasSubstr("the size is missing"));
}

TEST(Ask, RegionsAreMadeInEveryVariant) {
  const TemporaryDirectory directory;
  const Ask ask{*variants_of({{"survey", "demo"}, {"format", "fits"}, {"format", "png"}}),
                {{{"circle", "10 20 0.1"}}, {{"ra", "1"}, {"dec", "2"}, {"size", "9px"}}}};
  const auto done = expand(ask, {}, directory.path() / "plan");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->positions, 2);
  EXPECT_EQ(done->products, 4);
  const auto plan = Plan::open(directory.path() / "plan");
  ASSERT_TRUE(plan);
  EXPECT_THAT(names(products_of(*plan)),
              ElementsAre("demo_10.00000_+20.00000.fits", "demo_10.00000_+20.00000.png",
                          "demo_1.00000_+2.00000.fits", "demo_1.00000_+2.00000.png"));
  EXPECT_EQ(plan->product(0).id, "");

  const auto bad =
      expand({{{{"survey", "demo"}}}, {{{"circle", "1 2 0.1"}}, {{"circle", "1 2 0"}}}}, {},
             directory.path() / "bad");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("region 2: "));
  EXPECT_FALSE(expand({}, {}, directory.path() / "bad"));
  EXPECT_EQ(expand(ask, {.positions = 1, .products = 9}, directory.path() / "bad").error().code,
            ErrorCode::kTooLarge);
  const auto products = check(ask, {.positions = 2, .products = 3});
  EXPECT_THAT(products.error().message, HasSubstr("2 positions in 2 variants"));
  EXPECT_TRUE(check(ask, {.positions = 2, .products = 4}));
  EXPECT_EQ(directory.files(), 1U);
}

}  // namespace
}  // namespace recorte::batch
