// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/params.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace recorte::cutout {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

constexpr auto* kSchema = R"({"type": "object", "additionalProperties": false, "properties": {
  "rgb": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3},
  "Q": {"type": "number", "exclusiveMinimum": 0, "default": 8},
  "n": {"type": "integer"},
  "flag": {"type": "boolean"},
  "name": {"type": "string"},
  "either": {"type": ["number", "string"]},
  "any": {}}})";

struct Params : testing::Test {
  Algorithm algorithm;
  Survey survey;
  CutoutRequest request;

  Params() {
    algorithm.manifest.id = "toy";
    algorithm.params = plugin::Schema::parse(kSchema).value();
    set_survey(json::object());
  }
  void set_survey(json document) {
    survey.config = std::make_unique<recorte_config>(std::move(document));
  }
  Result<json> params() const { return algorithm_params(algorithm, survey, request); }
};

TEST_F(Params, TextBecomesTheTypeOfTheSchema) {
  request.params = {{"Q", "2.5"},      {"n", "-3"},       {"flag", "true"}, {"name", "1.5"},
                    {"rgb", "a, b,c"}, {"either", "1e3"}, {"any", "7"}};
  EXPECT_EQ(params(), (json{{"Q", 2.5},
                            {"n", -3},
                            {"flag", true},
                            {"name", "1.5"},
                            {"rgb", {"a", "b", "c"}},
                            {"either", 1000.0},
                            {"any", "7"}}));
  request.params = {{"either", "x"}, {"Q", "8"}, {"n", "9007199254740993"}};
  EXPECT_EQ(params(), (json{{"Q", 8}, {"either", "x"}, {"n", 9007199254740993}}));
}

TEST_F(Params, TheUsersComeBeforeTheSurveysAndThoseBeforeTheDefaults) {
  EXPECT_EQ(params(), (json{{"Q", 8}}));
  set_survey({{"colour", {{"toy", {{"Q", 3}, {"rgb", {"i", "r", "g"}}}}, {"other", {{"Q", 1}}}}}});
  EXPECT_EQ(params(), (json{{"Q", 3}, {"rgb", {"i", "r", "g"}}}));
  request.params = {{"Q", "5"}};
  request.rgb = {"z", "y", "x"};
  EXPECT_EQ(params(), (json{{"Q", 5}, {"rgb", {"z", "y", "x"}}}));
}

TEST_F(Params, TheSurveysColoursYieldToNamedBandsAndImages) {
  set_survey({{"colour", {{"toy", {{"rgb", {"i", "r", "g"}}}}}}});
  request.bands = {"g"};
  EXPECT_EQ(params(), (json{{"Q", 8}}));
  request.bands.clear();
  request.image = "tile_g";
  EXPECT_EQ(params(), (json{{"Q", 8}}));
}

TEST_F(Params, TheSurveysColoursNeedItsBands) {
  set_survey({{"colour", {{"toy", {{"Q", 3}, {"rgb", {"i", "r", "G"}}}}}}});
  survey.bands = {{"g", NAN, NAN}, {"r", NAN, NAN}};
  EXPECT_EQ(params(), (json{{"Q", 3}}));
  survey.bands.push_back({"i", NAN, NAN});
  EXPECT_EQ(params(), (json{{"Q", 3}, {"rgb", {"i", "r", "G"}}}));
}

TEST_F(Params, RefusalsNameTheParameterAndTheValue) {
  const std::pair<std::map<std::string, std::string>, testing::Matcher<std::string>> cases[] = {
      {{{"q", "8"}}, AllOf(HasSubstr("no parameter 'q'"), HasSubstr("Q"), HasSubstr("rgb"))},
      {{{"Q", "0"}}, HasSubstr("Q")},
      {{{"Q", "soft"}}, HasSubstr("soft")},
      {{{"Q", ""}}, HasSubstr("Q")},
      {{{"Q", "nan"}}, HasSubstr("nan")},
      {{{"Q", "inf"}}, HasSubstr("inf")},
      {{{"n", "1.5"}}, HasSubstr("1.5")},
      {{{"flag", "yes"}}, HasSubstr("yes")},
      {{{"rgb", "a,b"}}, HasSubstr("rgb")}};
  for (const auto& [given, matcher] : cases) {
    request.params = given;
    const auto refused = params();
    ASSERT_FALSE(refused) << given.begin()->first << "=" << given.begin()->second;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr("the algorithm toy"), matcher));
  }
}

TEST_F(Params, ColoursNeedAnAlgorithmThatKnowsThem) {
  request.rgb = {"i", "r", "g"};
  algorithm.params = plugin::Schema::parse(R"({"type": "object", "properties": {}})").value();
  const auto refused = params();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("makes no colours"));
}

TEST_F(Params, WithoutASchemaThereAreNone) {
  algorithm.params = {};
  EXPECT_EQ(params(), json::object());
  request.params = {{"Q", "8"}};
  EXPECT_FALSE(params());
}

}  // namespace
}  // namespace recorte::cutout
