// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace recorte::schedule {
namespace {

using testing::ElementsAre;

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
constexpr Micros kStart = 1'700'000'000 * kSecond;

/// Ages nobody, so that shares alone decide.
PolicyOptions shares_only() {
  PolicyOptions out;
  for (auto& rule : out.classes) rule.bound = 0;
  return out;
}

/// One worker: a task follows another, each of a length that its owner's tasks have.
struct Machine {
  FairShare policy;
  Micros now = kStart;
  std::map<std::string, double> had;  ///< seconds, by owner

  explicit Machine(PolicyOptions options) : policy(std::move(options)) {}

  std::string turn(const std::vector<Line>& lines, Micros length = kSecond) {
    const auto next = policy.next(lines, now);
    if (!next) return "";
    const auto& line = lines[*next];
    policy.charge(line.owner, line.in, static_cast<double>(length), now);
    had[line.owner] += static_cast<double>(length) / kSecond;
    now += length;
    return line.owner;
  }
  void turns(int count, const std::vector<Line>& lines, Micros length = kSecond) {
    for (int i = 0; i < count; ++i) turn(lines, length);
  }
};

Line line(std::string owner, Class in = Class::kNormal, Micros since = kStart) {
  return {std::move(owner), in, since};
}

TEST(Classes, HaveNames) {
  EXPECT_EQ(class_from_name("system"), Class::kSystem);
  EXPECT_EQ(class_from_name("background"), Class::kBackground);
  EXPECT_EQ(class_from_name("Normal"), std::nullopt);
  EXPECT_EQ(class_from_name(""), std::nullopt);
}

TEST(Classes, TakeTheFirstThatNames) {
  PolicyOptions options;
  const auto rule = [&](Class in) -> ClassRule& {
    return options.classes[static_cast<std::size_t>(in)];
  };
  rule(Class::kInternal).services = {"portal"};
  rule(Class::kPriority).groups = {"survey", "staff"};
  rule(Class::kBackground).users = {"robot", "ana"};
  const std::vector<std::string> staff{"astronomers", "staff"};
  EXPECT_EQ(class_of(options, "bea", {}, "", ""), Class::kNormal);
  EXPECT_EQ(class_of(options, "bea", {}, "portal", ""), Class::kInternal);
  EXPECT_EQ(class_of(options, "bea", staff, "", ""), Class::kPriority);
  EXPECT_EQ(class_of(options, "bea", staff, "portal", ""), Class::kInternal);
  EXPECT_EQ(class_of(options, "ana", {}, "", ""), Class::kBackground);
  EXPECT_EQ(class_of(options, "ana", staff, "", ""), Class::kPriority);
  EXPECT_EQ(class_of(options, "ana", staff, "portal", "system"), Class::kSystem);
  EXPECT_EQ(class_of(options, "ana", {}, "", "urgent"), Class::kBackground) << "no class's name";
}

TEST(Classes, AreNotTakenByNobody) {
  PolicyOptions options;
  options.classes[0].services = {""};
  options.classes[0].users = {""};
  EXPECT_EQ(class_of(options, "", {}, "", ""), Class::kNormal);
}

TEST(FairShare, HasNoTurnForNobody) {
  FairShare policy{PolicyOptions()};
  EXPECT_EQ(policy.next({}, kStart), std::nullopt);
}

TEST(FairShare, GivesEqualOwnersTurns) {
  Machine machine(shares_only());
  const std::vector<Line> lines{line("a"), line("b"), line("c")};
  std::vector<std::string> order(6);
  for (auto& owner : order) owner = machine.turn(lines);
  EXPECT_THAT(order, ElementsAre("a", "b", "c", "a", "b", "c"));
}

TEST(FairShare, GivesTheTurnsOfTheWorkedExample) {
  auto options = shares_only();
  options.half_life = 0;
  options.weights = {{"bob", 2}};
  Machine machine(options);
  std::vector<std::string> order(9);
  for (auto& owner : order)
    owner =
        machine.turn({line("ana"), line("bob"), line("mirror", Class::kBackground)}, 2 * kSecond);
  EXPECT_THAT(order,
              ElementsAre("ana", "mirror", "bob", "bob", "mirror", "ana", "bob", "mirror", "bob"))
      << "docs/explanation/scheduling.md has the table";
}

TEST(FairShare, DoesNotCareForTheOrderOfLines) {
  Machine forward(PolicyOptions{});
  Machine backward(PolicyOptions{});
  std::vector<Line> lines{line("a", Class::kSystem), line("b"), line("c"),
                          line("c", Class::kSystem), line("d", Class::kBackground)};
  for (int i = 0; i < 200; ++i) {
    auto reversed = lines;
    std::reverse(reversed.begin(), reversed.end());
    ASSERT_EQ(forward.turn(lines, kMinute), backward.turn(reversed, kMinute)) << "turn " << i;
  }
}

TEST(FairShare, SharesByTimeNotByTasks) {
  Machine machine(shares_only());
  const std::vector<Line> lines{line("long"), line("short")};
  for (int i = 0; i < 1'000; ++i) {
    const auto next = machine.policy.next(lines, machine.now);
    const Micros length = lines[*next].owner == "long" ? 4 * kSecond : kSecond;
    machine.policy.charge(lines[*next].owner, Class::kNormal, static_cast<double>(length),
                          machine.now);
    machine.had[lines[*next].owner] += static_cast<double>(length) / kSecond;
    machine.now += length;
  }
  EXPECT_NEAR(machine.had["long"], machine.had["short"], 4);
}

TEST(FairShare, SharesByWeightsOfOwners) {
  auto options = shares_only();
  options.weights = {{"b", 2}, {"c", 4}};
  Machine machine(options);
  machine.turns(7'000, {line("a"), line("b"), line("c")});
  EXPECT_NEAR(machine.had["a"], 1'000, 2);
  EXPECT_NEAR(machine.had["b"], 2'000, 2);
  EXPECT_NEAR(machine.had["c"], 4'000, 2);
}

TEST(FairShare, SharesByClassesFirst) {
  Machine machine(shares_only());
  machine.turns(1'200, {line("a", Class::kPriority), line("b"), line("c"), line("d"), line("e")});
  EXPECT_NEAR(machine.had["a"], 800, 2) << "4 of 4 + 2, though four others are there";
  for (const auto* owner : {"b", "c", "d", "e"}) EXPECT_NEAR(machine.had[owner], 100, 2);
}

TEST(FairShare, HasAnAccountForEachClassOfAnOwner) {
  Machine machine(shares_only());
  machine.turns(300, {line("a", Class::kPriority), line("a"), line("b")});
  EXPECT_NEAR(machine.had["a"], 250, 2);
  EXPECT_NEAR(machine.had["b"], 50, 2);
}

TEST(FairShare, TakesInAClassThatIsNew) {
  Machine machine(shares_only());
  machine.turns(10'000, {line("a")});
  machine.had.clear();
  machine.turns(6 * 3'600, {line("a"), line("b", Class::kPriority)});
  EXPECT_NEAR(machine.had["b"], 4 * 3'600, 60) << "no more than `memory` besides its share";
}

TEST(FairShare, LetsNobodyTakeAllForHavingBeenAway) {
  Machine machine(shares_only());
  machine.turns(60, {line("a"), line("b")});
  machine.turns(10'000, {line("a")});
  machine.had.clear();
  machine.turns(3'600, {line("a"), line("b")});
  EXPECT_GT(machine.had["b"], 1'800 + 10) << "who used less comes first for a while";
  EXPECT_LT(machine.had["b"], 1'800 + 31) << "by its half of a minute at most";
}

TEST(FairShare, ShutsNobodyOutForWorkOnAnIdleMachine) {
  Machine machine(shares_only());
  machine.turns(10'000, {line("a")});
  machine.now += kHour;
  machine.turns(60, {line("b")});
  machine.had.clear();
  machine.turns(3'600, {line("a"), line("b")});
  EXPECT_LT(machine.had["a"], 1'800 - 10) << "who used more comes last for a while";
  EXPECT_GT(machine.had["a"], 1'800 - 31) << "by its half of a minute at most";
}

TEST(FairShare, HoldsAPlaceForOneWhoIsGoneForAMoment) {
  // `b` comes while `a`, who had the machine for long, is between two batches.
  Machine machine(shares_only());
  machine.turns(10'000, {line("a")});
  machine.policy.next({}, machine.now);
  machine.now += 20 * kSecond;
  machine.turns(20, {line("b")});
  machine.had.clear();
  machine.turns(3'600, {line("a"), line("b")});
  EXPECT_NEAR(machine.had["a"], 1'800, 31);
}

TEST(FairShare, ForgivesNothingToOneWhoLeavesBetweenTasks) {
  // `b` sends one long task after another, and is gone while it runs.
  auto options = shares_only();
  options.half_life = 0;
  Machine machine(options);
  const std::vector<Line> both{line("a"), line("b")};
  for (int i = 0; i < 100'000; ++i) {
    const auto next = machine.policy.next(both, machine.now);
    const auto& owner = both[*next].owner;
    const Micros length = owner == "b" ? 300 * kSecond : kSecond;
    machine.policy.charge(owner, Class::kNormal, static_cast<double>(length), machine.now);
    machine.had[owner] += static_cast<double>(length) / kSecond;
    machine.now += length;
    machine.policy.charge(owner, Class::kNormal, 0, machine.now);
    if (owner == "b") machine.turns(1, {line("a")});
  }
  EXPECT_NEAR(machine.had["b"] / machine.had["a"], 1, 0.01);
}

TEST(FairShare, ForgetsWorkByItsHalfLife) {
  // Both are known and away for longer than `memory`; what is left of the difference decides how
  // long `b` comes first.
  const auto lead_after = [](Micros away) {
    auto options = shares_only();
    options.memory = 1'000 * kSecond;
    Machine machine(options);
    machine.turns(400, {line("a")});
    machine.policy.next({}, machine.now);
    machine.now += away;
    machine.had.clear();
    machine.turns(2'000, {line("a"), line("b")});
    return machine.had["b"] - machine.had["a"];
  };
  const double life = 3'600 / std::log(2.0);
  const double used = life * (1 - std::exp(-400 / life));
  EXPECT_NEAR(lead_after(kHour), life * std::log1p(used / 2 / life), 2);
  EXPECT_NEAR(lead_after(3 * kHour), life * std::log1p(used / 8 / life), 2);
  EXPECT_NEAR(lead_after(24 * kHour), 0, 2);
}

TEST(FairShare, RecallsWhatWasUsedBefore) {
  Machine machine(shares_only());
  machine.policy.recall("a", 20.0 * kSecond, machine.now);
  std::vector<std::string> order(21);
  for (auto& owner : order) owner = machine.turn({line("a"), line("b")});
  EXPECT_EQ(std::count(order.begin(), order.begin() + 20, "b"), 20);
  EXPECT_EQ(order.back(), "a");
}

TEST(FairShare, RecallsNothingOfOneItKnows) {
  Machine machine(shares_only());
  machine.turn({line("a")});
  machine.policy.recall("a", 1e12, machine.now);
  machine.turns(100, {line("a"), line("b")});
  EXPECT_NEAR(machine.had["a"], machine.had["b"], 2);
  machine.had.clear();
  machine.turns(100, {line("a", Class::kPriority), line("c", Class::kPriority)});
  EXPECT_NEAR(machine.had["a"], machine.had["c"], 2);
}

TEST(FairShare, CorrectsEstimates) {
  // `a` is charged ten times too much and `b` ten times too little, until each task ends.
  Machine machine(shares_only());
  const std::vector<Line> lines{line("a"), line("b")};
  for (int i = 0; i < 1'000; ++i) {
    const auto next = machine.policy.next(lines, machine.now);
    const auto& owner = lines[*next].owner;
    const double guess = owner == "a" ? 10.0 * kSecond : 0.1 * kSecond;
    machine.policy.charge(owner, Class::kNormal, guess, machine.now);
    machine.now += kSecond;
    machine.policy.charge(owner, Class::kNormal, kSecond - guess, machine.now);
    machine.had[owner] += 1;
  }
  EXPECT_NEAR(machine.had["a"], machine.had["b"], 2);
}

TEST(FairShare, OwesNobodyMoreThanHasBeenCharged) {
  Machine machine(shares_only());
  machine.turn({line("a"), line("b")});
  machine.policy.charge("a", Class::kNormal, -1e12, machine.now);
  machine.turns(100, {line("a"), line("b")});
  EXPECT_NEAR(machine.had["a"], machine.had["b"], 2);
}

TEST(FairShare, GivesTasksThatCostNothingTheirTurnsInOrder) {
  Machine machine(shares_only());
  std::map<std::string, int> count;
  for (int i = 0; i < 99; ++i) {
    ++count[machine.turn({line("a"), line("b"), line("c")}, 0)];
    machine.now += kSecond;
  }
  EXPECT_NEAR(count["a"], 33, 1);
  EXPECT_NEAR(count["b"], 33, 1);
  EXPECT_NEAR(count["c"], 33, 1);
}

TEST(FairShare, StarvesNobodyWhateverTheWeights) {
  PolicyOptions options;
  options.classes[0].weight = 1e9;
  options.classes[4].weight = 0;
  options.classes[4].bound = 10 * kMinute;
  options.weights = {{"rich", 1e6}};
  Machine machine(options);
  std::vector<Line> lines{line("rich", Class::kSystem), line("b", Class::kBackground)};
  Micros last = machine.now;
  Micros longest = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto at = machine.now;
    if (machine.turn(lines) != "b") continue;
    longest = std::max(longest, at - last);
    last = at;
  }
  EXPECT_GT(longest, 10 * kMinute);
  EXPECT_LE(longest, 10 * kMinute + 2 * kSecond);
}

TEST(FairShare, GivesTheOverdueEverySecondTurnAtMost) {
  PolicyOptions options;
  options.classes[0].weight = 1e9;
  Machine machine(options);
  std::vector<Line> lines{line("system", Class::kSystem, kStart)};
  for (int i = 0; i < 50; ++i)
    lines.push_back(line("old" + std::to_string(i), Class::kBackground, kStart - 48 * kHour));
  std::vector<std::string> order(100);
  for (auto& owner : order) owner = machine.turn(lines);
  EXPECT_EQ(std::count(order.begin(), order.end(), "system"), 50);
  for (std::size_t i = 1; i < order.size(); ++i)
    EXPECT_NE(order[i] == "system", order[i - 1] == "system") << i;
}

TEST(FairShare, GivesTheMostOverdueForItsBoundItsTurnFirst) {
  PolicyOptions options;
  options.classes[0].weight = 1e9;
  Machine machine(options);
  const std::vector<Line> lines{line("system", Class::kSystem, kStart),
                                line("day", Class::kBackground, kStart - 36 * kHour),
                                line("hours", Class::kNormal, kStart - 30 * kHour)};
  std::vector<std::string> order(4);
  for (auto& owner : order) owner = machine.turn(lines);
  EXPECT_THAT(order, ElementsAre("hours", "system", "day", "system"))
      << "5 times its bound is more than 1.5 times";
}

TEST(FairShare, AgesNobodyThatHasTurns) {
  // Two large batches that are there for days share all the same.
  PolicyOptions options;
  options.weights = {{"b", 3}};
  Machine machine(options);
  machine.now = kStart + 72 * kHour;
  machine.turns(4, {line("a"), line("b")});
  machine.had.clear();
  machine.turns(4'000, {line("a"), line("b")});
  EXPECT_NEAR(machine.had["b"], 3'000, 2);
}

TEST(FairShare, StandsStillWithAClockThatGoesBackwards) {
  Machine machine(shares_only());
  const std::vector<Line> lines{line("a"), line("b")};
  machine.turns(100, lines);
  machine.now -= 24 * kHour;
  machine.had.clear();
  machine.turns(100, lines);
  EXPECT_NEAR(machine.had["a"], machine.had["b"], 2);
}

TEST(FairShare, LivesForYears) {
  Machine machine(shares_only());
  const std::vector<Line> lines{line("a"), line("b"), line("c", Class::kPriority)};
  for (int month = 0; month < 60; ++month) {
    machine.had.clear();
    machine.turns(600, lines);
    EXPECT_NEAR(machine.had["a"], 100, 35) << month;
    EXPECT_NEAR(machine.had["b"], 100, 35) << month;
    EXPECT_NEAR(machine.had["c"], 400, 35) << month;
    machine.now += 30 * 24 * kHour;
  }
}

TEST(FairShare, ForgetsWhoIsGone) {
  Machine machine(shares_only());
  for (int i = 0; i < 10'000; ++i) machine.turn({line("user" + std::to_string(i))});
  EXPECT_GE(machine.policy.accounts(), 1'000U);
  machine.now += 24 * kHour;
  machine.turn({line("a")});
  EXPECT_EQ(machine.policy.accounts(), 1U);
}

}  // namespace
}  // namespace recorte::schedule
