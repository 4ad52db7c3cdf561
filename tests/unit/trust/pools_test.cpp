// SPDX-License-Identifier: BSD-3-Clause
#include "core/trust/pools.hpp"

#include "support.hpp"

#include <gmock/gmock.h>

namespace recorte::trust {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

class PoolsTest : public testing::Test {
 protected:
  SurveyReach reach(const std::string& id, const std::string& text) {
    return reach_of(tmp_.write("surveys.d/" + id + ".toml", text));
  }
  void survey(const std::string& id, const std::string& text) { all_[id] = reach(id, text); }
  Pools pools() {
    const auto links = [](const auto& directory, const auto&) { return links_below(directory); };
    return make_pools({tmp_ / "surveys.d", {{tmp_.directory("plugins")}}, {}, own_}, all_, links);
  }
  static std::string tiles(const std::string& root, const std::string& more = "") {
    return "[survey]\nplugin = \"tiles\"\nroot = \"" + root + "\"\n" + more;
  }

  test::TempDir tmp_;
  std::map<std::string, SurveyReach, std::less<>> all_;
  Paths own_;  ///< the server's
};

TEST_F(PoolsTest, APoolIsThePublicOneOrTheGroupsOrAsNamed) {
  EXPECT_EQ(reach("a", tiles("../a")).pool, "public");
  EXPECT_EQ(reach("b", tiles("../b", "access_group = \"us\"\n")).pool, "us");
  EXPECT_EQ(reach("c", tiles("../c", "[access.releases]\ndr1 = \"\"\ndr2 = \"them\"\n")).pool,
            "them");
  EXPECT_EQ(reach("d", tiles("../d", "access_group = \"us\"\n[access]\ntrust = \"beta\"\n")).pool,
            "beta");
  EXPECT_EQ(reach("e", tiles("../e", "[access]\ntrust = \"untried\"\n")).pool, "untried");
}

TEST_F(PoolsTest, ABrokenFileIsAloneWithItself) {
  for (const auto* text :
       {"[survey\n", "[access]\nhidden = 3\n", "[survey]\nroot = 3\n[access]\nx = 1\n"}) {
    const auto broken = reach("broken", text);
    EXPECT_EQ(broken.pool, "survey:broken");
    EXPECT_THAT(broken.paths, ElementsAre(tmp_ / "surveys.d/broken.toml"));
  }
}

TEST_F(PoolsTest, WhatIsReadOfASurvey) {
  EXPECT_THAT(reach("a", tiles("../a", "index = \"/idx/a.index\"\n")).paths,
              UnorderedElementsAre(tmp_ / "surveys.d/a.toml", "/idx/a.index", "/idx/a.index.seek",
                                   tmp_ / "a"));
  const auto more =
      reach("b", tiles("/data/b", "[access]\nalso_read = [\"../masks\", \"/cal\"]\n"));
  EXPECT_THAT(more.paths,
              IsSupersetOf({tmp_ / "surveys.d/b.index", std::filesystem::path("/data/b"),
                            tmp_ / "masks", std::filesystem::path("/cal")}));
  // What is fetched for them: as it stands there, or where the files of a table begin.
  EXPECT_THAT(reach("e",
                    "[survey]\nplugin = \"theirs\"\n[access]\nremote = "
                    "[\"https://a.org/dr1/\", \"s3://b/c\"]\n")
                  .paths,
              IsSupersetOf({std::filesystem::path("https://a.org/dr1/"),
                            std::filesystem::path("s3://b/c")}));
  EXPECT_THAT(reach("f",
                    "[survey]\ntiles = \"t.csv\"\npath = "
                    "\"https://a.org/dr1/tile_{name}/{band}.fits\"\n")
                  .paths,
              Contains(std::filesystem::path("https://a.org/dr1/")));
  // An adapter that names no root has no directory of all surveys to read.
  EXPECT_THAT(reach("c", "[survey]\nplugin = \"theirs\"\n").paths,
              Not(Contains(tmp_ / "surveys.d")));
  EXPECT_THAT(reach("d", "[survey]\nplugin = \"tiles\"\n").paths,
              Contains(AllOf(tmp_ / "surveys.d/")));
}

TEST_F(PoolsTest, SurveysOfAPoolReadEachOthersFilesAndNoOthers) {
  for (const auto* name : {"a", "b", "c", "d"}) tmp_.directory(name);
  survey("a", tiles("../a"));
  survey("b", tiles("../b"));
  survey("c", tiles("../c", "access_group = \"us\"\n"));
  survey("d", tiles("../d", "access_group = \"us\"\n"));
  const auto p = pools();
  EXPECT_THAT(p.warnings, IsEmpty());
  EXPECT_EQ(p.pool_of("a"), "public");
  EXPECT_EQ(p.pool_of("c"), "us");
  EXPECT_EQ(p.pool_of("not there"), "public");
  ASSERT_EQ(p.pools.size(), 2U);
  EXPECT_THAT(p.pools.at("us").surveys, ElementsAre("c", "d"));
  EXPECT_THAT(*p.pools.at("us").readable,
              AllOf(IsSupersetOf({tmp_ / "c", tmp_ / "d", tmp_ / "plugins"}),
                    Not(Contains(tmp_ / "a")), Not(Contains(tmp_ / "surveys.d/a.toml"))));
  EXPECT_THAT(*p.pools.at("public").readable,
              AllOf(IsSupersetOf({tmp_ / "a", tmp_ / "b", tmp_ / "plugins"}),
                    Not(Contains(tmp_ / "c")), Not(Contains(tmp_ / "surveys.d/c.toml"))));
}

TEST_F(PoolsTest, ThePublicPoolIsThereWithoutSurveys) {
  const auto p = pools();
  EXPECT_THAT(*p.pools.at("public").readable, ElementsAre(tmp_ / "plugins"));
}

TEST_F(PoolsTest, LinksOutOfARootAreRead) {
  tmp_.write("archive/a_g.fits");
  tmp_.link("a/a_g.fits", tmp_ / "archive/a_g.fits");
  survey("a", tiles("../a"));
  EXPECT_THAT(*pools().pools.at("public").readable, Contains(tmp_ / "archive/a_g.fits"));
}

TEST_F(PoolsTest, APrivateSurveysFilesInAnothersDirectoryAreWarnedOf) {
  tmp_.directory("data/secret");
  survey("open", tiles("../data"));
  survey("secret", tiles("../data/secret", "access_group = \"us\"\n"));
  EXPECT_THAT(pools().warnings, ElementsAre(AllOf(HasSubstr("survey open reads"),
                                                  HasSubstr("of the survey secret"))));
  // The other way round nothing is shown that is not everyone's.
  survey("open", tiles("../data/secret/open"));
  EXPECT_THAT(pools().warnings, IsEmpty());
}

/// Whoever may write into a survey's directory is not the admin.
TEST_F(PoolsTest, LinksLeadToNothingOfTheServers) {
  own_ = {tmp_.write("server/password"), tmp_ / "server/results"};
  tmp_.write("server/results/pixels");
  for (const auto* target : {"server/password", "server/results/pixels", "server", ""}) {
    tmp_.link("a/link", tmp_ / target);
    survey("a", tiles("../a"));
    const auto p = pools();
    EXPECT_THAT(*p.pools.at("public").readable, Not(Contains(tmp_ / target))) << target;
    EXPECT_THAT(p.warnings, ElementsAre(AllOf(HasSubstr("is not followed"), HasSubstr("server"))));
    std::filesystem::remove(tmp_ / "a/link");
  }
}

TEST_F(PoolsTest, NorToAnotherPoolsFiles) {
  tmp_.write("closed/b_g.fits");
  survey("closed", tiles("../closed", "access_group = \"us\"\n"));
  tmp_.link("open/b_g.fits", tmp_ / "closed/b_g.fits");
  tmp_.link("ours/b_g.fits", tmp_ / "closed/b_g.fits");
  survey("open", tiles("../open"));
  survey("ours", tiles("../ours", "access_group = \"us\"\n"));
  const auto p = pools();
  EXPECT_THAT(*p.pools.at("public").readable, Not(Contains(tmp_ / "closed/b_g.fits")));
  EXPECT_THAT(*p.pools.at("us").readable, Contains(tmp_ / "closed/b_g.fits"));
  EXPECT_THAT(p.warnings,
              ElementsAre(AllOf(HasSubstr("is not followed"), HasSubstr("of the survey closed"))));
}

TEST_F(PoolsTest, WhatIsNamedMayHoldTheServersOwnAndIsWarnedOf) {
  own_ = {tmp_.write("all/password")};
  survey("a", tiles("../all"));
  EXPECT_THAT(pools().warnings,
              ElementsAre(AllOf(HasSubstr("pool public"), HasSubstr("all/password"))));
  survey("a", tiles("../all/sky"));
  EXPECT_THAT(pools().warnings, IsEmpty());
}

TEST_F(PoolsTest, LinksThatCouldNotBeFollowedAreWarnedOf) {
  tmp_.directory("a");
  survey("a", tiles("../a"));
  const auto p = make_pools({tmp_ / "surveys.d", {}, {}}, all_, [](const auto&, const auto&) {
    return Links{{}, false};
  });
  EXPECT_THAT(p.warnings,
              ElementsAre(AllOf(HasSubstr((tmp_ / "a").string()), HasSubstr("also_read"))));
}

}  // namespace
}  // namespace recorte::trust
