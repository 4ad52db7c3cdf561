// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/batch_reader.hpp"

#include <gmock/gmock.h>

namespace recorte::api {
namespace {

using namespace testing;
using Parameters = std::vector<job::Parameter>;
using batch::Values;

Result<batch::Ask> read(const Parameters& parameters, bool has_list = false, bool whole = true) {
  Result<batch::Ask> out;
  batch_reader()(parameters, has_list, whole, {},
                 [&](Result<batch::Ask> ask) { out = std::move(ask); });
  return out;
}

TEST(ApiBatch, MultipliesWhatIsRepeated) {
  const auto ask =
      read({{"SURVEY", "demo"}, {"survey", "des"}, {"bands", "g,r"}, {"size", "8px"}}, true);
  ASSERT_TRUE(ask) << ask.error().message;
  EXPECT_EQ(ask->variants.size(), 2U);
  for (const auto& variant : ask->variants) {
    EXPECT_THAT(variant, Contains(std::pair<std::string, std::string>("bands", "g,r")));
    EXPECT_THAT(variant, Contains(std::pair<std::string, std::string>("size", "8px")));
  }
  EXPECT_TRUE(ask->regions.empty());
}

TEST(ApiBatch, CountsVariantsBeforeTheyAreMade) {
  Parameters many;
  for (const auto* name : {"survey", "bands"})
    for (int i = 0; i < 5'000; ++i) many.push_back({name, "x" + std::to_string(i)});
  for (const bool whole : {false, true}) {
    const auto ask = read(many, false, whole);
    ASSERT_FALSE(ask);
    EXPECT_EQ(ask.error().code, ErrorCode::kTooLarge);
  }
}

TEST(ApiBatch, HasARegionEach) {
  const auto ask = read({{"survey", "demo"}, {"circle", "1 2 3"}, {"range", "1 2 3 4"}});
  ASSERT_TRUE(ask) << ask.error().message;
  EXPECT_THAT(ask->regions, ElementsAre(Values{{"circle", "1 2 3"}}, Values{{"range", "1 2 3 4"}}));
  EXPECT_EQ(read({{"survey", "demo"}, {"ra", "1"}, {"dec", "2"}, {"size", "8px"}})->regions.size(),
            1U);
}

TEST(ApiBatch, RefusesWhatIsMalformedBeforeItRuns) {
  for (const Parameters& bad :
       {Parameters{{"colour", "red"}}, Parameters{{"size", "64"}}, Parameters{{"ra", "361"}},
        Parameters{{"format", "gif"}}, Parameters{{"size", "1px"}, {"size", "2px"}}})
    EXPECT_FALSE(read(bad, false, false)) << bad[0].name;
  EXPECT_FALSE(read({{"ra", "1"}}, true, false)) << "the list has the positions";
}

TEST(ApiBatch, RefusesWhatIsMissingWhenItRuns) {
  for (const Parameters& partial : {Parameters{}, Parameters{{"survey", "demo"}},
                                    Parameters{{"survey", "demo"}, {"ra", "1"}, {"dec", "2"}},
                                    Parameters{{"circle", "1 2 3"}}}) {
    EXPECT_TRUE(read(partial, false, false));
    const auto ask = read(partial);
    ASSERT_FALSE(ask);
    EXPECT_EQ(ask.error().code, ErrorCode::kUsage);
  }
  EXPECT_TRUE(read({}, true)) << "a list may have all of it";
}

}  // namespace
}  // namespace recorte::api
