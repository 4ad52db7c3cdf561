// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/config.hpp"

#include "core/plugin/host.hpp"

#include <gtest/gtest.h>

namespace recorte::plugin {
namespace {

const recorte_config kConfig(nlohmann::json::parse(
    R"({"root": "/data", "q": 8.5, "deep": true, "bands": {"g": "a\"b"}, "rgb": ["i", "r"], "none": null})"));

TEST(Config, StringsComeUnquotedAndTheRestAsJson) {
  EXPECT_EQ(*kConfig.find("/root"), "/data");
  EXPECT_EQ(*kConfig.find("/bands/g"), "a\"b");
  EXPECT_EQ(*kConfig.find("/q"), "8.5");
  EXPECT_EQ(*kConfig.find("/deep"), "true");
  EXPECT_EQ(*kConfig.find("/rgb"), R"(["i","r"])");
  EXPECT_EQ(*kConfig.find("/rgb/1"), "r");
  EXPECT_EQ(*kConfig.find("/none"), "null");
}

TEST(Config, TheEmptyPointerIsTheWholeDocument) {
  EXPECT_EQ(nlohmann::json::parse(*kConfig.find("")), kConfig.document);
}

TEST(Config, WhatIsAbsentOrNoPointerIsNotThere) {
  EXPECT_EQ(kConfig.find("/missing"), nullptr);
  EXPECT_EQ(kConfig.find("/rgb/2"), nullptr);
  EXPECT_EQ(kConfig.find("/rgb/x"), nullptr);
  EXPECT_EQ(kConfig.find("/rgb/01"), nullptr);
  EXPECT_EQ(kConfig.find("root"), nullptr);
  EXPECT_EQ(kConfig.find("/a~2"), nullptr);
  EXPECT_EQ(kConfig.find(nullptr), nullptr);
}

TEST(Config, TextLivesAsLongAsTheConfig) {
  const auto* first = kConfig.find("/q");
  for (int i = 0; i < 100; ++i) kConfig.find(("/" + std::to_string(i)).c_str());
  EXPECT_EQ(kConfig.find("/q"), first);
}

TEST(Config, TheHostTableReadsIt) {
  const Host host;
  recorte_str out{};
  const auto* table = host.table();
  EXPECT_EQ(table->config_get(table, &kConfig, "/root", &out), RECORTE_OK);
  EXPECT_EQ(std::string_view(out.data, out.size), "/data");
  EXPECT_EQ(table->config_get(table, &kConfig, "/missing", &out), RECORTE_NOT_FOUND);
  EXPECT_EQ(table->config_get(table, nullptr, "/root", &out), RECORTE_NOT_FOUND);
}

}  // namespace
}  // namespace recorte::plugin
