// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/scheduling_settings.hpp"

#include "core/config/document.hpp"

#include <gmock/gmock.h>

namespace recorte::app {
namespace {

using schedule::Class;

schedule::PolicyOptions options(std::string_view text) {
  const auto document = config::parse_toml(text, "/etc/recorte/recorte.toml");
  const auto settings = config::settings_of(*document);
  EXPECT_TRUE(settings) << settings.error().message;
  return policy_options(*settings);
}

TEST(PolicyOptions, AreThePolicysOwnWhereTheFileIsSilent) {
  const auto read = options("");
  const schedule::PolicyOptions own;
  EXPECT_EQ(read.half_life, own.half_life);
  EXPECT_EQ(read.memory, own.memory);
  for (std::size_t i = 0; i < own.classes.size(); ++i) {
    EXPECT_EQ(read.classes[i].weight, own.classes[i].weight) << schedule::kClassNames[i];
    EXPECT_EQ(read.classes[i].bound, own.classes[i].bound) << schedule::kClassNames[i];
  }
}

TEST(PolicyOptions, FollowTheFile) {
  const auto read = options(R"(
[scheduling]
half_life = "2h"
memory = "5m"
[scheduling.internal]
weight = 10
bound = "0s"
services = ["portal"]
[scheduling.background]
weight = 0.5
users = ["mirror"]
groups = ["students"]
[scheduling.users."ana@example.org"]
weight = 2.5
)");
  EXPECT_EQ(read.half_life, 7'200'000'000);
  EXPECT_EQ(read.memory, 300'000'000);
  EXPECT_EQ(schedule::weight_of(read, Class::kInternal), 10);
  EXPECT_EQ(read.classes[1].bound, 0);
  EXPECT_EQ(schedule::weight_of(read, Class::kBackground), 0.5);
  EXPECT_EQ(schedule::weight_of(read, "ana@example.org"), 2.5);
  EXPECT_EQ(schedule::weight_of(read, "ana"), 1);
  const std::vector<std::string> students{"students"};
  EXPECT_EQ(schedule::class_of(read, "ana", {}, "portal", ""), Class::kInternal);
  EXPECT_EQ(schedule::class_of(read, "mirror", {}, "", ""), Class::kBackground);
  EXPECT_EQ(schedule::class_of(read, "ana", students, "", ""), Class::kBackground);
  EXPECT_EQ(schedule::class_of(read, "ana", {}, "", ""), Class::kNormal);
}

}  // namespace
}  // namespace recorte::app
