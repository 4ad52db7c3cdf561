// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/switches.hpp"

#include "core/db/admin.hpp"
#include "tests/unit/db/support.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace recorte::db {
namespace {

class SwitchesOnBoth : public OnBoth {
 protected:
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    const auto migrated = migrate_database(database());
    ASSERT_TRUE(migrated) << migrated.error().message;
  }
};
INSTANTIATE_ON_BOTH(SwitchesOnBoth);

std::vector<std::string> names(schedule::Switches& switches) {
  std::vector<std::string> out;
  const auto all = switches.all().value();
  for (const auto& each : all) out.push_back(each.name + "=" + each.value);
  return out;
}

TEST_P(SwitchesOnBoth, AreOnUntilTheyAreCleared) {
  Switches ours(database()), theirs(database());
  EXPECT_THAT(names(ours), testing::IsEmpty());
  ASSERT_TRUE(ours.set({"survey:demo", "the tape is out", 5, "unix:7"}));
  ASSERT_TRUE(ours.set({"maintenance", "until noon", 6, "unix:7"}));
  EXPECT_THAT(names(theirs),
              testing::ElementsAre("maintenance=until noon", "survey:demo=the tape is out"));
  ASSERT_TRUE(theirs.set({"maintenance", "until one", 9, "unix:8"}));
  const auto all = ours.all().value();
  EXPECT_EQ(all.at(0).value, "until one");
  EXPECT_EQ(all.at(0).changed, 9);
  EXPECT_EQ(all.at(0).by, "unix:8");
  ASSERT_TRUE(theirs.clear("maintenance"));
  EXPECT_THAT(names(ours), testing::ElementsAre("survey:demo=the tape is out"));
}

TEST_P(SwitchesOnBoth, WhatIsNotOnCannotBeCleared) {
  Switches switches(database());
  const auto cleared = switches.clear("maintenance");
  ASSERT_FALSE(cleared);
  EXPECT_EQ(cleared.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(cleared.error().message, testing::HasSubstr("maintenance"));
}

TEST_P(SwitchesOnBoth, ServersAreSeenByTheDatabasesClock) {
  Switches one(database()), two(database());
  const auto before = one.now().value();
  ASSERT_TRUE(one.beat({"one", 0, R"({"workers":2})"}));
  ASSERT_TRUE(two.beat({"two", 0, "{}"}));
  ASSERT_TRUE(one.beat({"one", 0, R"({"workers":3})"}));
  const auto servers = two.servers().value();
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].name, "one");
  EXPECT_EQ(servers[0].state, R"({"workers":3})");
  EXPECT_GE(servers[0].seen, servers[1].seen);
  EXPECT_GE(servers[1].seen, before);
  EXPECT_LE(servers[0].seen, two.now().value());
  ASSERT_TRUE(one.leave("one"));
  EXPECT_EQ(two.servers().value().size(), 1U);
}

TEST_P(SwitchesOnBoth, ServersThatHaveBeenSilentForADayAreForgotten) {
  Switches switches(database());
  ASSERT_TRUE(switches.beat({"old", 0, "{}"}));
  ASSERT_TRUE(switches.beat({"late", 0, "{}"}));
  const auto look = Look::into(database());
  look->run("update server set seen = seen - 86401000000 where name = 'old'");
  look->run("update server set seen = seen - 86000000000 where name = 'late'");
  ASSERT_TRUE(switches.beat({"new", 0, "{}"}));
  const auto servers = switches.servers().value();
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].name, "late");
  EXPECT_EQ(servers[1].name, "new");
}

}  // namespace
}  // namespace recorte::db
