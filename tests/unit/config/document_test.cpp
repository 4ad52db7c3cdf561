// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/document.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace recorte::config {
namespace {

using testing::HasSubstr;

TEST(Document, HoldsEveryKindOfValue) {
  auto document = parse_toml(R"(
s = "text"
i = -3
f = 1.5
b = true
a = [1, "two"]
d = 2024-02-29
t = 2024-02-29T01:02:03Z
)",
                             "x.toml");
  ASSERT_TRUE(document) << document.error().message;
  const auto& value = *document->value;
  EXPECT_EQ(value["s"], "text");
  EXPECT_EQ(value["i"], -3);
  EXPECT_TRUE(value["i"].is_number_integer());
  EXPECT_EQ(value["f"], 1.5);
  EXPECT_EQ(value["b"], true);
  EXPECT_EQ(value["a"][1], "two");
  EXPECT_EQ(value["d"], "2024-02-29");
  EXPECT_EQ(value["t"], "2024-02-29T01:02:03Z");
}

TEST(Document, KnowsTheLineOfEveryPart) {
  auto document = parse_toml(
      "[survey]\n"
      "id = \"des\"\n"
      "planes = { image = \"SCI\", mask = \"MSK\" }\n"
      "\n"
      "[colour.lupton]\n"
      "rgb = [\"i\",\n"
      " \"r\"]\n"
      "\"a/b~c\" = 1\n",
      "dir/des.toml");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->line("/survey"), 1);
  EXPECT_EQ(document->line("/survey/id"), 2);
  EXPECT_EQ(document->line("/survey/planes/mask"), 3);
  EXPECT_EQ(document->line("/colour/lupton/rgb/1"), 7);
  EXPECT_EQ(document->line("/colour/lupton" + pointer_step("a/b~c")), 8);
  EXPECT_EQ(document->line("/survey/id/nothing/below"), 2);
  EXPECT_EQ(document->where("/survey/id"), "dir/des.toml:2");
  EXPECT_EQ(document->error("/survey/id", "no.").message, "dir/des.toml:2: no.");
}

TEST(Document, SyntaxErrorsNameFileAndLine) {
  auto document = parse_toml("[survey]\nid = \"a\"\ntitle = oops\n", "bad.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, ErrorCode::kUsage);
  EXPECT_THAT(document.error().message, HasSubstr("bad.toml:3: this is not TOML: "));
}

TEST(Document, ComplainsInOneLine) {
  const auto document = parse_toml("a = tru\n\n", "a.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message.find('\n'), std::string::npos) << document.error().message;
}

TEST(Document, RefusesALetterThatIsNoneOfAKeys) {
  // The sanitizer of undefined behaviour is what fails where toml++ is left alone.
  for (const auto* text : {"[\u039a]\n", "a\u00e4 = 1\n", "a = 1 \u0416\n"}) {
    const auto document = parse_toml(text, "a.toml");
    ASSERT_FALSE(document) << text;
    EXPECT_THAT(document.error().message, testing::StartsWith("a.toml:1"));
  }
}

TEST(Document, RefusesTheSameKeyTwiceAndAFileThatIsNotThere) {
  EXPECT_FALSE(parse_toml("a = 1\na = 2\n", "twice.toml"));
  auto missing = read_toml("/nowhere/at/all.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/at/all.toml"));
}

TEST(Document, IsCompletedTableByTable) {
  const auto file =
      *parse_toml("[survey]\ntitle = \"Ours\"\nplanes = { image = \"SCI\" }\n", "x.toml");
  const auto defaults = nlohmann::json::parse(R"({
      "survey": {"title": "Theirs", "unit": "count", "planes": {"mask": "MSK"}},
      "bands": {"g": "nonsense"}})");
  const auto all = file.completed(defaults, "the plugin des 1.0.0", {"/survey"});
  EXPECT_EQ(
      all.value->dump(),
      R"({"bands":{"g":"nonsense"},"survey":{"planes":{"image":"SCI"},"title":"Ours","unit":"count"}})");
  EXPECT_FALSE(all.is_default("/survey/title"));
  EXPECT_FALSE(all.is_default("/survey/planes/mask"));
  EXPECT_FALSE(all.is_default("/nowhere"));
  EXPECT_TRUE(all.is_default("/survey/unit"));
  EXPECT_TRUE(all.is_default("/bands/g"));
  EXPECT_EQ(all.error("/survey/title", "no.").message, "x.toml:2: no.");
  EXPECT_EQ(all.error("/bands/g", "'nonsense' is no interval").message,
            "x.toml: 'nonsense' is no interval (a default of the plugin des 1.0.0)");
  const auto merged = file.completed(defaults, "x");
  EXPECT_EQ(merged.value->at("survey").at("planes").size(), 2U) << "no table is one value here";
  EXPECT_EQ(file.value->size(), 1U) << "the file stays as it is";
}

}  // namespace
}  // namespace recorte::config
