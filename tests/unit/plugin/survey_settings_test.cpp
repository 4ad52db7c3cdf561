// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/survey_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace recorte::plugin {
namespace {

using testing::HasSubstr;

const Registry& registry() {
  static const auto all = Registry::scan({std::filesystem::path(DES_PLUGIN).parent_path()});
  return all;
}

Result<SurveySettings> settings_of(const std::string& toml) {
  return complete_survey(*config::parse_toml(toml, "des.toml"), registry());
}

TEST(SurveySettings, TheFileComesFirstThenTheReleaseThenTheAdapter) {
  const auto dr1 = settings_of("[survey]\nplugin = \"des\"\nrelease = \"dr1\"\nunit = \"adu\"\n");
  ASSERT_TRUE(dr1) << dr1.error().message;
  EXPECT_EQ(dr1->adapter->manifest.id, "des");
  const auto& survey = dr1->document.value->at("survey");
  EXPECT_EQ(survey.at("unit"), "adu");
  EXPECT_EQ(survey.at("title"), "DES Data Release 1");
  EXPECT_EQ(survey.at("zeropoint"), 30);
  EXPECT_EQ(dr1->document.error("/survey/title", "no")
                .message.find("des.toml: no (a default of the plugin des "),
            0U);

  const auto usual = settings_of("[survey]\nplugin = \"des\"\n");
  ASSERT_TRUE(usual) << usual.error().message;
  EXPECT_EQ(usual->document.value->at("survey").at("release"), "dr2");
  EXPECT_EQ(usual->document.value->at("survey").at("title"), "DES Data Release 2");
}

TEST(SurveySettings, AFileWithoutPluginIsThatOfTiles) {
  const auto tiles = settings_of("[survey]\nrelease = \"mine\"\n");
  ASSERT_TRUE(tiles) << tiles.error().message;
  EXPECT_EQ(tiles->adapter->manifest.id, "tiles");
  EXPECT_EQ(tiles->document.value->dump(), R"({"survey":{"release":"mine"}})");
}

TEST(SurveySettings, WhatIsWrongHasItsLine) {
  const std::pair<const char*, const char*> wrong[] = {
      {"[survey]\nplugin = \"deS\"\n", "des.toml:2: there is no survey plugin"},
      {"[survey]\nplugin = \"des\"\nrelease = \"dr9\"\n",
       "des.toml:3: the plugin des knows the releases dr1, dr2"},
      {"[survey]\nplugin = 7\n", "des.toml:2: plugin must be text"},
      {"[survey]\nplugin = \"des\"\nrelease = 2\n", "des.toml:3: release must be text"},
      {"survey = 3\n", "des.toml:1: the section [survey] is missing"},
      {"[bands]\n", "the section [survey] is missing"},
  };
  for (const auto& [toml, says] : wrong) {
    const auto settings = settings_of(toml);
    ASSERT_FALSE(settings) << toml;
    EXPECT_THAT(settings.error().message, HasSubstr(says));
  }
}

}  // namespace
}  // namespace recorte::plugin
