// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/claiming.hpp"

#include "core/batch/turn.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace recorte::batch {
namespace {

using testing::ElementsAre;

struct ClaimingTest : testing::Test {
  job::Queued& wait(const std::string& id, const std::string& owner) {
    auto& job = queue.emplace_back();
    job.id = id;
    job.owner = owner;
    job.created = job.queued = static_cast<Micros>(queue.size());
    job.free = true;
    return job;
  }
  std::vector<std::string> chosen(std::size_t most = 100) {
    schedule::FairShare share(policy, 1);
    Claiming claiming(queue, here, policy, may_run);
    std::vector<std::string> out;
    while (out.size() < most) {
      const auto* next = claiming.next(share, now, busy);
      if (!next) break;
      out.push_back(next->id);
    }
    due = claiming.due();
    return out;
  }

  std::vector<job::Queued> queue;
  std::map<std::string, Here> here;
  schedule::PolicyOptions policy;
  MayRun may_run = [](const auto&) { return std::numeric_limits<std::int64_t>::max(); };
  Micros now = 1'000'000;
  bool busy = false;
  std::optional<Micros> due;
};

TEST_F(ClaimingTest, EachOwnerHasOneBeforeAnybodyHasTwo) {
  for (const auto* id : {"a1", "a2", "a3"}) wait(id, "ann");
  wait("b1", "bob");
  wait("c1", "cy");
  const auto ids = chosen();
  ASSERT_EQ(ids.size(), 5U);
  EXPECT_THAT(std::vector(ids.begin(), ids.begin() + 3),
              testing::UnorderedElementsAre("a1", "b1", "c1"));
  EXPECT_THAT(std::vector(ids.begin() + 3, ids.end()), ElementsAre("a2", "a3"));
}

TEST_F(ClaimingTest, WhatHasBegunThenPlaceThenAge) {
  wait("old", "ann");
  wait("new", "ann");
  wait("high", "ann").place = 2;
  wait("begun", "ann").phase = job::Phase::kExecuting;
  EXPECT_THAT(chosen(), ElementsAre("begun", "high", "old", "new"));
}

TEST_F(ClaimingTest, WhatOthersHaveOrIsHereIsNotClaimed) {
  wait("elsewhere", "ann").free = false;
  wait("mine", "ann");
  wait("next", "ann");
  here["mine"] = {"ann"};
  EXPECT_THAT(chosen(), ElementsAre("next"));
}

TEST_F(ClaimingTest, AServerThatIsBusyTakesOneOnlyForALineThatHasNone) {
  here["a0"] = {"ann"};
  wait("a1", "ann");
  wait("b1", "bob");
  wait("b2", "bob");
  busy = true;
  EXPECT_THAT(chosen(), ElementsAre("b1"));
  busy = false;
  EXPECT_THAT(chosen(), ElementsAre("b1", "a1", "b2"));
}

TEST_F(ClaimingTest, ABusyServerLetsAnIdleOneGoBefore) {
  wait("b1", "bob").queued = now - Claiming::kCourtesy + 1;
  busy = true;
  EXPECT_THAT(chosen(), ElementsAre());
  EXPECT_EQ(due, now + 1);
  now += 1;
  EXPECT_THAT(chosen(), ElementsAre("b1"));
  EXPECT_FALSE(due) << "nobody waits for it any more";
}

TEST_F(ClaimingTest, ButNotForAnHourWhereTheClockWasSetBack) {
  wait("b1", "bob").queued = now + 3'600'000'000;
  busy = true;
  EXPECT_THAT(chosen(), ElementsAre("b1"));
}

TEST_F(ClaimingTest, AHigherPlaceOrAnotherClassIsNotKeptOutByWhatIsHere) {
  here["a0"] = {"ann", schedule::Class::kNormal, 1};
  wait("same", "ann").place = 1;
  wait("higher", "ann").place = 2;
  wait("moved", "ann").priority = "system";
  busy = true;
  EXPECT_THAT(chosen(), testing::UnorderedElementsAre("higher", "moved"));
}

TEST_F(ClaimingTest, AsManyOwnersAsThereAreHaveOneEach) {
  for (int i = 0; i < 100; ++i) {
    here["h" + std::to_string(i)] = {"owner" + std::to_string(i)};
    wait("w" + std::to_string(i), "owner" + std::to_string(i));
  }
  wait("late", "zoe").priority = "background";
  busy = true;
  EXPECT_THAT(chosen(), ElementsAre("late"));
}

/// Wherever they run; and what runs already goes on whatever the bound.
TEST_F(ClaimingTest, ABoundOfRunningJobsCountsThoseOfAllServers) {
  may_run = [](const auto&) { return 2; };
  auto& elsewhere = wait("elsewhere", "ann");
  elsewhere.phase = job::Phase::kExecuting;
  elsewhere.server = "another";
  elsewhere.free = false;
  wait("a1", "ann");
  wait("a2", "ann");
  EXPECT_THAT(chosen(), ElementsAre("a1"));
  may_run = [](const auto&) { return 1; };
  queue[1].phase = job::Phase::kExecuting;
  EXPECT_THAT(chosen(), ElementsAre("a1"));
}

TEST(Turn, HasAsManyProductsAsItsTimeAndOneAtLeast) {
  EXPECT_EQ(products_of_turn(0, 2'000'000, 256), 256);
  EXPECT_EQ(products_of_turn(0.001, 2'000'000, 256), 256);
  EXPECT_EQ(products_of_turn(0.1, 2'000'000, 256), 20);
  EXPECT_EQ(products_of_turn(1.5, 2'000'000, 256), 1);
  EXPECT_EQ(products_of_turn(100, 2'000'000, 256), 1);
  EXPECT_EQ(products_of_turn(1e-12, 2'000'000, 1'000'000'000'000), 1'000'000'000'000);
  EXPECT_EQ(products_of_turn(0, 2'000'000, 0), 1);
}

}  // namespace
}  // namespace recorte::batch
