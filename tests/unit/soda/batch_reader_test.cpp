// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/batch_reader.hpp"

#include <gmock/gmock.h>

namespace recorte::soda {
namespace {

using namespace testing;
using Parameters = std::vector<job::Parameter>;
using batch::Values;

/// "demo" is a survey, "demo_1" its release, "demo/x" an image; nothing else is there.
void identify(const std::string& id, const service::Asker&, const service::Identifier::Done& done) {
  if (id == "demo") return done(service::Identified{"demo", "", ""});
  if (id == "demo_1") return done(service::Identified{"demo", "1", ""});
  if (id.starts_with("demo/")) return done(service::Identified{"demo", "", id.substr(5)});
  done(fail(ErrorCode::kNotFound, "no survey or image is called '" + id + "'"));
}

Result<batch::Ask> read(const Parameters& parameters, bool has_list = false, bool whole = true) {
  Result<batch::Ask> out;
  batch_reader(identify)(parameters, has_list, whole, {},
                         [&](Result<batch::Ask> ask) { out = std::move(ask); });
  return out;
}

std::string value(const Values& values, const std::string& name) {
  std::string out;
  for (const auto& [key, text] : values)
    if (key == name) out += (out.empty() ? "" : "|") + text;
  return out;
}

TEST(SodaBatch, IsTheCrossProduct) {
  const auto ask = read({{"id", "demo"},
                         {"ID", "demo_1"},
                         {"POS", "CIRCLE 1 2 3"},
                         {"Circle", "4 5 6"},
                         {"POLYGON", "1 1 2 1 2 2"},
                         {"BAND", "4e-7 5e-7"},
                         {"BAND", "5e-7"},
                         {"TIME", "58000 58001"},
                         {"FILTER", "g"},
                         {"FILTER", "r"},
                         {"PARAM", "Q=8"},
                         {"RESPONSEFORMAT", "image/png"},
                         {"unknown", "?"}});
  ASSERT_TRUE(ask) << ask.error().message;
  EXPECT_THAT(ask->regions, ElementsAre(Values{{"circle", "1 2 3"}}, Values{{"circle", "4 5 6"}},
                                        Values{{"polygon", "1 1 2 1 2 2"}}));
  ASSERT_EQ(ask->variants.size(), 4U);
  for (const auto& variant : ask->variants) {
    EXPECT_EQ(value(variant, "survey"), "demo");
    EXPECT_EQ(value(variant, "bands"), "g,r");
    EXPECT_EQ(value(variant, "format"), "png");
    EXPECT_EQ(value(variant, "param"), "Q=8");
    EXPECT_EQ(value(variant, "time"), "58000 58001");
    cutout::RequestDraft draft;
    for (const auto& [name, text] : variant) EXPECT_TRUE(draft.set(name, text)) << name;
  }
  EXPECT_EQ(value(ask->variants[0], "release") + value(ask->variants[3], "release"), "1");
  EXPECT_EQ(value(ask->variants[0], "wavelength"), "4e-7 5e-7");
  EXPECT_EQ(value(ask->variants[1], "wavelength"), "5e-7");
}

TEST(SodaBatch, TakesImagesWhole) {
  const auto ask = read({{"ID", "demo/a"}, {"ID", "demo/b"}});
  ASSERT_TRUE(ask) << ask.error().message;
  EXPECT_THAT(ask->regions, ElementsAre(Values{}));
  EXPECT_EQ(value(ask->variants[1], "image"), "b");
}

TEST(SodaBatch, TakesAListInPlaceOfRegions) {
  const auto ask = read({{"ID", "demo"}, {"SIZE", "8px"}, {"FILTER", "g"}}, true);
  ASSERT_TRUE(ask) << ask.error().message;
  EXPECT_TRUE(ask->regions.empty());
  ASSERT_EQ(ask->variants.size(), 1U);
  EXPECT_EQ(value(ask->variants[0], "size"), "8px");
  EXPECT_TRUE(read({}, true)) << "the list may name the survey";
  EXPECT_THAT(read({{"ID", "demo"}, {"CIRCLE", "1 2 3"}}, true).error().message,
              HasSubstr("come with the list"));
  EXPECT_THAT(read({{"SIZE", "8"}}, true).error().message, HasSubstr("SIZE: "));
}

TEST(SodaBatch, RefusesWhatIsMalformedBeforeItRuns) {
  for (const Parameters& bad :
       {Parameters{{"POS", "CIRCLE 1 2"}}, Parameters{{"CIRCLE", "361 2 3"}},
        Parameters{{"BAND", "2 1"}}, Parameters{{"RESPONSEFORMAT", "text/html"}}})
    EXPECT_EQ(read(bad, false, false).error().code, ErrorCode::kUsage) << bad[0].name;
}

TEST(SodaBatch, RefusesWhatIsMissingWhenItRuns) {
  for (const Parameters& partial : {Parameters{}, Parameters{{"CIRCLE", "1 2 3"}},
                                    Parameters{{"ID", "demo"}}, Parameters{{"ID", "nobody"}}}) {
    EXPECT_TRUE(read(partial, false, false));
    EXPECT_FALSE(read(partial));
  }
  EXPECT_THAT(read({}).error().message, HasSubstr("ID is missing"));
  EXPECT_THAT(read({{"ID", "demo"}}).error().message, HasSubstr("region is missing"));
  EXPECT_EQ(read({{"ID", "nobody"}, {"CIRCLE", "1 2 3"}}).error().code, ErrorCode::kNotFound);
}

TEST(SodaBatch, NamesManyIdsWithoutACallInACall) {
  Parameters many{{"CIRCLE", "1 2 3"}};
  for (std::size_t i = 0; i < batch::kMostVariants; ++i)
    many.push_back({"ID", "demo/" + std::to_string(i)});
  int depth = 0;
  std::size_t variants = 0;
  batch_reader([&](const std::string& id, const service::Asker& asker,
                   const service::Identifier::Done& done) {
    EXPECT_EQ(++depth, 1);
    identify(id, asker, done);
    --depth;
  })(many, false, true, {},
     [&](const Result<batch::Ask>& ask) { variants = ask ? ask->variants.size() : 0; });
  EXPECT_EQ(variants, batch::kMostVariants);
}

TEST(SodaBatch, CountsVariantsBeforeTheyAreMadeAndBeforeAnIdIsLookedUp) {
  Parameters many{{"ID", "demo"}, {"CIRCLE", "1 2 3"}};
  for (int i = 0; i < 5'000; ++i) {
    many.push_back({"BAND", "4e-7 " + std::to_string(i + 1)});
    many.push_back({"TIME", "58000 " + std::to_string(58'001 + i)});
  }
  for (const bool whole : {false, true}) {
    const auto ask = read(many, false, whole);
    ASSERT_FALSE(ask);
    EXPECT_EQ(ask.error().code, ErrorCode::kTooLarge);
    EXPECT_THAT(ask.error().message, HasSubstr("5000 of BAND times 5000 of TIME"));
  }
  Parameters ids;
  for (int i = 0; i < 1'001; ++i) ids.push_back({"ID", "nobody/" + std::to_string(i)});
  EXPECT_EQ(read(ids).error().code, ErrorCode::kTooLarge);
}

TEST(SodaBatch, ARepeatedValueCountsOnce) {
  Parameters again{{"CIRCLE", "1 2 3"}};
  for (int i = 0; i < 2'000; ++i)
    again.push_back(i % 2 ? job::Parameter{"ID", "demo"} : job::Parameter{"BAND", "5e-7"});
  EXPECT_EQ(read(again)->variants.size(), 1U);
}

TEST(SodaBatch, GoesOnWhenAnIdIsKnownLater) {
  std::vector<std::function<void()>> later;
  std::optional<std::size_t> variants;
  batch_reader([&](const std::string& id, const service::Asker& asker,
                   const service::Identifier::Done& done) {
    later.emplace_back([=] { identify(id, asker, done); });
  })({{"ID", "demo"}, {"ID", "demo_1"}, {"CIRCLE", "1 2 3"}}, false, true, {},
     [&](const Result<batch::Ask>& ask) { variants = ask->variants.size(); });
  while (!later.empty()) {
    const auto next = std::move(later.back());
    later.pop_back();
    next();
  }
  EXPECT_EQ(variants, 2U);
}

}  // namespace
}  // namespace recorte::soda
