// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace recorte::plugin {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::string_view kSchema = R"({
  "type": "object",
  "properties": {
    "q": {"type": "number", "exclusiveMinimum": 0, "default": 8, "description": "softness"},
    "root": {"type": "string", "pattern": "^/"},
    "rgb": {"type": "array", "items": {"type": "string"}, "minItems": 3, "default": ["i", "r", "g"]},
    "bands": {"type": "object", "additionalProperties": {"type": "object",
              "properties": {"lambda": {"type": "string"}}}}
  },
  "required": ["root"],
  "additionalProperties": false
})";

std::string refusal(const char* document, std::string_view schema = kSchema) {
  const auto status = validate(json::parse(document), schema);
  if (status) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::kUsage);
  return status.error().message;
}

TEST(Validate, AcceptsWhatTheSchemaAllows) {
  EXPECT_TRUE(
      validate(json::parse(R"({"root": "/x", "q": 0.5, "rgb": ["a", "b", "c"]})"), kSchema));
  EXPECT_TRUE(validate(json::parse(R"({"anything": 1})"), ""));
  EXPECT_TRUE(validate(json::parse(R"({"anything": 1})"), "{}"));
}

TEST(Validate, NamesThePlaceTheValueAndTheRule) {
  const auto type = refusal(R"({"root": "/x", "q": "much"})");
  EXPECT_THAT(type, HasSubstr("/q is \"much\""));
  EXPECT_THAT(type, HasSubstr("\"number\""));
  const auto range = refusal(R"({"root": "/x", "q": -3})");
  EXPECT_THAT(range, HasSubstr("/q is -3"));
  EXPECT_THAT(range, HasSubstr("exclusiveMinimum"));
  EXPECT_THAT(range, testing::Not(HasSubstr("softness")));
  EXPECT_THAT(refusal(R"({"root": "x"})"), HasSubstr("/root is \"x\""));
}

TEST(Validate, LeadsIntoArraysAndObjects) {
  EXPECT_THAT(refusal(R"({"root": "/x", "rgb": ["a", 2, "c"]})"), HasSubstr("/rgb/1 is 2"));
  EXPECT_THAT(refusal(R"({"root": "/x", "bands": {"g": {"lambda": 5}}})"),
              HasSubstr("/bands/g/lambda is 5"));
}

TEST(Validate, NamesWhatIsMissingOrTooMuch) {
  EXPECT_THAT(refusal("{}"), HasSubstr("'root'"));
  EXPECT_THAT(refusal(R"({"root": "/x", "qq": 1})"), HasSubstr("no setting /qq (did you mean q?)"));
  EXPECT_THAT(refusal(R"({"root": "/x", "qq": 1})"), HasSubstr("bands, q, rgb, root"));
}

TEST(Validate, StringsAreNoNumbers) {
  EXPECT_NE(refusal(R"({"root": "/x", "q": "8"})"), "accepted");
}

TEST(Validate, ABrokenSchemaIsThePluginsFault) {
  for (const auto* schema :
       {"{", R"({"type": 7})", R"({"properties": 3})", R"({"$ref": "http://127.0.0.1/x.json"})"}) {
    const auto status = validate(json::object(), schema);
    ASSERT_FALSE(status) << schema;
    EXPECT_EQ(status.error().code, ErrorCode::kPlugin) << schema;
    EXPECT_THAT(status.error().message, HasSubstr("schema is broken"));
  }
}

TEST(Defaults, AreThoseOfTheProperties) {
  const auto defaults = [](std::string_view text) { return Schema::parse(text)->defaults(); };
  EXPECT_EQ(defaults(kSchema), json::parse(R"({"q": 8, "rgb": ["i", "r", "g"]})"));
  EXPECT_EQ(defaults(""), json::object());
  EXPECT_EQ(defaults("{}"), json::object());
}

}  // namespace
}  // namespace recorte::plugin
