// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/switchboard.hpp"

#include <gmock/gmock.h>

#include <map>
#include <utility>

namespace recorte::service {
namespace {

using testing::HasSubstr;

/// A database of switches in memory, which may be away.
class Table : public schedule::Switches {
 public:
  Result<std::vector<schedule::Switch>> all() override {
    const std::lock_guard lock(mutex);
    ++looks;
    changed.notify_all();
    if (away) return fail(ErrorCode::kUnavailable, "the database is away");
    std::vector<schedule::Switch> out;
    for (const auto& [name, each] : on) out.push_back(each);
    return out;
  }
  Status set(const schedule::Switch& each) override {
    const std::lock_guard lock(mutex);
    if (away) return fail(ErrorCode::kUnavailable, "the database is away");
    on[each.name] = each;
    return {};
  }
  Status clear(const std::string& name) override {
    const std::lock_guard lock(mutex);
    if (on.erase(name) > 0) return {};
    return fail(ErrorCode::kNotFound, "nothing is switched by the name '" + name + "'");
  }
  Status beat(const schedule::ServerState& state) override {
    const std::lock_guard lock(mutex);
    servers_[state.name] = {state.name, time, state.state};
    ++beats;
    changed.notify_all();
    return {};
  }
  Status leave(const std::string& name) override {
    const std::lock_guard lock(mutex);
    servers_.erase(name);
    return {};
  }
  Result<std::vector<schedule::ServerState>> servers() override {
    const std::lock_guard lock(mutex);
    std::vector<schedule::ServerState> out;
    for (const auto& [name, state] : servers_) out.push_back(state);
    return out;
  }
  Result<Micros> now() override {
    const std::lock_guard lock(mutex);
    return time;
  }
  /// Waits until there were so many more looks, each of which knows what was before it.
  void look_again(int more = 2) {
    std::unique_lock lock(mutex);
    const auto wanted = looks + more;
    changed.wait(lock, [&] { return looks >= wanted; });
  }
  void wait_for_beat() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return beats > 0; });
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, schedule::Switch> on;
  std::map<std::string, schedule::ServerState> servers_;
  Micros time = 1'000'000'000;
  bool away = false;
  int looks = 0, beats = 0;
};

class SwitchboardTest : public testing::Test {
 protected:
  SwitchboardTest() {
    options.server = "one";
    options.look = 1'000;
  }
  static void begin(Switchboard& board) {
    ASSERT_TRUE(board.learn());
    board.start([] { return std::string(R"({"url":"http://one"})"); });
  }
  Table table;
  Switchboard::Options options;
};

TEST_F(SwitchboardTest, MaintenanceIsSaidToWhoeverAsksForSomethingNew) {
  Switchboard board(options, table);
  begin(board);
  EXPECT_TRUE(board.open_for("demo"));
  ASSERT_TRUE(board.begin_maintenance("back at noon", "unix:7"));
  const auto closed = board.open_for("");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, ErrorCode::kUnavailable);
  EXPECT_GT(closed.error().retry_s, 0);
  EXPECT_THAT(closed.error().message, HasSubstr("back at noon"));
  EXPECT_EQ(board.now()->maintenance->by, "unix:7");
  EXPECT_EQ(board.now()->maintenance->changed, table.time);
  ASSERT_TRUE(board.end_maintenance());
  EXPECT_TRUE(board.open_for("demo"));
  const auto again = board.end_maintenance();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kNotFound);
}

TEST_F(SwitchboardTest, ASurveyThatIsOffClosesNoOther) {
  Switchboard board(options, table);
  begin(board);
  ASSERT_TRUE(board.close_survey("demo", "the disk is away", "unix:7"));
  const auto closed = board.open_for("demo");
  ASSERT_FALSE(closed);
  EXPECT_THAT(closed.error().message, testing::AllOf(HasSubstr("'demo'"), HasSubstr("the disk")));
  EXPECT_TRUE(board.open_for("other"));
  EXPECT_TRUE(board.open_for(""));
  EXPECT_EQ(*board.now()->off("demo"), "the disk is away");
  EXPECT_EQ(board.now()->off("other"), nullptr);
  ASSERT_TRUE(board.open_survey("demo"));
  EXPECT_TRUE(board.open_for("demo"));
}

TEST_F(SwitchboardTest, WhatIsSwitchedElsewhereIsKnownHereSoon) {
  Switchboard here(options, table);
  begin(here);
  {
    const std::lock_guard lock(table.mutex);
    table.on["maintenance"] = {"maintenance", "elsewhere", 5, "unix:9"};
  }
  table.look_again();
  EXPECT_FALSE(here.open_for(""));
  {
    const std::lock_guard lock(table.mutex);
    table.on.clear();
  }
  table.look_again();
  EXPECT_TRUE(here.open_for(""));
}

TEST_F(SwitchboardTest, WhatWasKnownHoldsWhileTheDatabaseIsAway) {
  Switchboard board(options, table);
  begin(board);
  ASSERT_TRUE(board.close_survey("demo", "", "unix:7"));
  {
    const std::lock_guard lock(table.mutex);
    table.away = true;
    table.on.clear();
  }
  table.look_again();
  EXPECT_FALSE(board.open_for("demo"));
  EXPECT_FALSE(board.begin_maintenance("", "unix:7"));
  EXPECT_TRUE(board.open_for("other"));
}

TEST_F(SwitchboardTest, ADatabaseThatIsAwayIsSaidAtTheStart) {
  table.away = true;
  Switchboard board(options, table);
  EXPECT_FALSE(board.learn());
}

TEST_F(SwitchboardTest, ADrainIsOfOneServerAndEndsWithIt) {
  table.on["drain:one"] = {"drain:one", "", 1, "unix:7"};
  table.servers_["two"] = {"two", table.time, "{}"};
  Switchboard board(options, table);
  begin(board);
  EXPECT_FALSE(board.now()->draining);
  ASSERT_TRUE(board.drain("two", "unix:7"));
  EXPECT_FALSE(board.now()->draining);
  ASSERT_TRUE(board.drain("", "unix:7"));
  EXPECT_TRUE(board.now()->draining);
  EXPECT_TRUE(board.open_for("demo")) << "requests are still answered";
  ASSERT_TRUE(board.undrain(""));
  EXPECT_FALSE(board.now()->draining);
  EXPECT_FALSE(board.undrain(""));
  const auto nobody = board.drain("three", "unix:7");
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message, HasSubstr("three"));
}

TEST_F(SwitchboardTest, ServersAreAliveWhileTheySaySo) {
  table.servers_["two"] = {"two", table.time - 40'000'000, "{}"};
  table.servers_["three"] = {"three", table.time - 1'000'000, "{}"};
  {
    Switchboard board(options, table);
    begin(board);
    table.wait_for_beat();
    const auto servers = board.servers();
    ASSERT_TRUE(servers);
    ASSERT_EQ(servers->size(), 3U);
    std::map<std::string, Switchboard::Server> by_name;
    for (const auto& each : *servers) by_name[each.state.name] = each;
    EXPECT_TRUE(by_name["one"].alive);
    EXPECT_TRUE(by_name["one"].here);
    EXPECT_EQ(by_name["one"].state.state, R"({"url":"http://one"})");
    EXPECT_FALSE(by_name["two"].alive);
    EXPECT_TRUE(by_name["three"].alive);
    EXPECT_FALSE(by_name["three"].here);
  }
  EXPECT_EQ(table.servers_.count("one"), 0U) << "one that ended says so";
}

}  // namespace
}  // namespace recorte::service
