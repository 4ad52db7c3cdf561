// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/faults.hpp"

#include "core/plugin/stage.hpp"

#include <gtest/gtest.h>

namespace recorte::plugin {
namespace {

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond;
/// Of the epoch, as the clock of a server is.
constexpr Micros kNow = 1'900'000'000 * kSecond;

TEST(Faults, SoManyWithinTheTimeMark) {
  Faults faults({.faults = 3, .within = 10 * kMinute});
  EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow));
  EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow + kMinute));
  EXPECT_TRUE(faults.marked().empty());
  EXPECT_TRUE(faults.ill("tiles 1.0.0", "it hung in find()", kNow + 2 * kMinute));
  // Once is enough.
  EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow + 3 * kMinute));
  const auto marked = faults.marked();
  ASSERT_EQ(marked.size(), 1U);
  EXPECT_EQ(marked[0].id, "tiles");
  EXPECT_EQ(marked[0].version, "1.0.0");
  EXPECT_EQ(marked[0].why,
            "it failed 3 times within 10 minutes, the last time so: it hung in find()");
  const auto record = faults.of("tiles 1.0.0");
  EXPECT_EQ(record.faults, 4U);
  EXPECT_EQ(record.last, kNow + 3 * kMinute);
  EXPECT_EQ(record.mark->since, kNow + 2 * kMinute);
  EXPECT_EQ(faults.total(), 4U);
}

TEST(Faults, OldOnesAreForgotten) {
  Faults faults({.faults = 3, .within = 10 * kMinute});
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow + i * 5 * kMinute)) << i;
}

TEST(Faults, APluginIsJudgedByItself) {
  Faults faults({.faults = 2, .within = kMinute});
  EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow));
  EXPECT_FALSE(faults.ill("tiles 1.1.0", "it crashed", kNow));
  EXPECT_FALSE(faults.ill("cut 1.0.0", "it crashed", kNow));
  EXPECT_TRUE(faults.ill("cut 1.0.0", "it crashed", kNow));
  EXPECT_EQ(faults.marked().size(), 1U);
}

/// One position in a hundred that crashes it is no reason to refuse the others.
TEST(Faults, WhoIsMostlyWellIsNotMarked) {
  Faults faults({.faults = 5, .within = 10 * kMinute, .one_in = 10});
  for (int i = 0; i < 2'000; ++i) {
    const auto now = kNow + i * kSecond;
    if (i % 100 == 0)
      EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", now)) << i;
    else
      faults.well("tiles 1.0.0", now);
  }
  // When it is well no more, what it did long ago does not help it.
  bool marked = false;
  for (int i = 0; i < 700 && !marked; ++i)
    marked = faults.ill("tiles 1.0.0", "it crashed", kNow + (2'000 + i) * kSecond);
  EXPECT_TRUE(marked);
}

TEST(Faults, TasksOfLongAgoDoNotCount) {
  Faults faults({.faults = 2, .within = 10 * kMinute, .one_in = 10});
  for (int i = 0; i < 1'000; ++i) faults.well("tiles 1.0.0", kNow);
  EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow + 11 * kMinute));
  EXPECT_TRUE(faults.ill("tiles 1.0.0", "it crashed", kNow + 11 * kMinute));
}

TEST(Faults, AClockThatGoesBackDoesNoHarm) {
  Faults faults({.faults = 2, .within = kMinute});
  faults.well("tiles 1.0.0", kNow);
  faults.well("tiles 1.0.0", kNow - 60 * kMinute);
  EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow - 60 * kMinute));
  EXPECT_EQ(faults.of("tiles 1.0.0").faults, 1U);
}

TEST(Faults, ItBeginsAnew) {
  Faults faults({.faults = 1, .within = kMinute});
  EXPECT_FALSE(faults.forget("tiles 1.0.0"));
  EXPECT_TRUE(faults.ill("tiles 1.0.0", "it crashed", kNow));
  EXPECT_TRUE(faults.forget("tiles 1.0.0"));
  EXPECT_TRUE(faults.marked().empty());
  EXPECT_EQ(faults.of("tiles 1.0.0").faults, 0U);
  EXPECT_EQ(faults.total(), 1U);
}

TEST(Faults, NoNumberMarksNone) {
  Faults faults({.faults = 0, .within = kMinute});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(faults.ill("tiles 1.0.0", "it crashed", kNow));
  EXPECT_EQ(faults.of("tiles 1.0.0").faults, 100U);
}

TEST(Stage, SaysWhichPlugin) {
  const auto stage = stage_of("tiles 1.2.0", "while it looked for images");
  EXPECT_EQ(stage, "plugin 'tiles 1.2.0' while it looked for images");
  EXPECT_EQ(plugin_of(stage), "tiles 1.2.0");
  EXPECT_EQ(plugin_of(""), "");
  EXPECT_EQ(plugin_of("plugin 'tiles"), "");
}

}  // namespace
}  // namespace recorte::plugin
