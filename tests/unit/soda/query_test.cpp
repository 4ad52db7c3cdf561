// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/query.hpp"

#include "server/soda/position.hpp"

#include <gmock/gmock.h>

namespace {

using namespace recorte;
using namespace recorte::soda;
using namespace testing;
using Pairs = std::vector<http::Parameter>;

std::string error_of(const Pairs& pairs) {
  const auto query = read_query(pairs);
  return query ? "" : query.error().message;
}

/// The canonical text of the one request that the parameters make of the survey demo.
std::string canonical_of(const Pairs& pairs) {
  const auto query = read_query(pairs);
  if (!query) return query.error().message;
  const auto request = single_request(*query, {"demo", "", ""});
  return request ? cutout::canonical(*request) : request.error().message;
}

TEST(Position, HasAShapeInCapitals) {
  EXPECT_TRUE(std::holds_alternative<sky::Circle>(*parse_position("CIRCLE 1 2 0.5")));
  EXPECT_TRUE(std::holds_alternative<sky::Range>(*parse_position(" RANGE 1 2 3 4 ")));
  EXPECT_TRUE(std::holds_alternative<sky::Polygon>(*parse_position("POLYGON 1 2 3 2 3 4")));
  EXPECT_TRUE(parse_position("RANGE -Inf +Inf 3 4"));
  for (const auto* bad : {"circle 1 2 0.5", "1 2 0.5", "", "CIRCLE", "CIRCLE1 2 3", "BOX 1 2 3 4"})
    EXPECT_FALSE(parse_position(bad)) << bad;
}

TEST(Query, ReadsNamesInAnyCase) {
  EXPECT_EQ(canonical_of({{"pos", "CIRCLE 1 2 0.5"}, {"Filter", "g"}, {"fOrMaT", "png"}}),
            canonical_of({{"CIRCLE", "1 2 0.5"}, {"FILTER", "g"}, {"FORMAT", "png"}}));
}

TEST(Query, TakesMediaTypesForFormats) {
  const auto of = [](const std::string& type) {
    const auto query = read_query({{"RESPONSEFORMAT", type}});
    return query
               ? std::string(
                     cutout::kFormatNames[static_cast<std::size_t>(query->common.request.format)]) +
                     (query->plain_fits ? "!" : "")
               : query.error().message;
  };
  EXPECT_EQ(of("application/fits"), "fits");
  EXPECT_EQ(of("Application/FITS ; extend=1"), "fits");
  EXPECT_EQ(of("image/fits"), "fits!");
  EXPECT_EQ(of("image/png"), "png");
  EXPECT_THAT(of("text/html"), AllOf(HasSubstr("'text/html'"), HasSubstr("image/png")));
}

TEST(Query, CountsCombinations) {
  const auto count = [](const Pairs& pairs) { return read_query(pairs)->combinations(); };
  EXPECT_EQ(count({}), 1U);
  EXPECT_EQ(count({{"ID", "a"}, {"POS", "CIRCLE 1 2 1"}}), 1U);
  EXPECT_EQ(count({{"ID", "a"},
                   {"ID", "b"},
                   {"POS", "CIRCLE 1 2 1"},
                   {"CIRCLE", "1 2 2"},
                   {"POLYGON", "1 2 3 2 3 4"},
                   {"BAND", "1e-7 1e-6"},
                   {"TIME", "1 2"},
                   {"TIME", "3 4"}}),
            12U);
  EXPECT_EQ(count({{"FILTER", "g"}, {"FILTER", "r"}, {"POL", "I"}, {"POL", "Q"}}), 1U)
      << "parts of one result, and one filter";
}

TEST(Query, PolarizationIsOneFilter) {
  const auto states = [](const Pairs& pairs) {
    return read_query(pairs)->common.request.polarizations;
  };
  EXPECT_TRUE(states({}).empty());
  EXPECT_EQ(states({{"POL", "Q"}, {"POL", "I"}}), (std::vector<std::string>{"Q", "I"}));
  EXPECT_THAT(error_of({{"POL", "q"}}), HasSubstr("'q'")) << "values are case-sensitive";
}

TEST(Query, NamesTheParameterAndTheValue) {
  EXPECT_THAT(error_of({{"CIRCLE", "1 2 NaN"}}), StartsWith("CIRCLE: "));
  EXPECT_THAT(error_of({{"BAND", "2 1"}}), AllOf(StartsWith("BAND: "), HasSubstr("2 1")));
  EXPECT_THAT(error_of({{"TIME", "NaN"}}), AllOf(StartsWith("TIME: "), HasSubstr("NaN")));
  EXPECT_THAT(error_of({{"MAXREC", "1.5"}}), AllOf(HasSubstr("MAXREC"), HasSubstr("1.5")));
  EXPECT_THAT(error_of({{"RUNID", std::string(65, 'x')}}), HasSubstr("65"));
  EXPECT_EQ(error_of({{"RUNID", std::string(64, 'x')}}), "");
}

TEST(Query, IgnoresWhatItDoesNotKnowAndWhatIsEmpty) {
  EXPECT_EQ(canonical_of({{"CIRCLE", "1 2 0.5"}, {"COLOUR", "red"}, {"survey", "x"}, {"POS", ""}}),
            canonical_of({{"CIRCLE", "1 2 0.5"}}));
}

TEST(Query, ASurveyNeedsARegionAndAnImageDoesNot) {
  const auto query = read_query({{"FILTER", "g"}});
  EXPECT_THAT(single_request(*query, {"demo", "", ""}).error().message, HasSubstr("region"));
  EXPECT_THAT(cutout::canonical(*single_request(*query, {"demo", "", "demo_1_g"})),
              HasSubstr("image=demo_1_g"));
}

}  // namespace
