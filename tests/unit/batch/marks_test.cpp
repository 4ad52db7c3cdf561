// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/marks.hpp"

#include "tests/unit/batch/memory_store.hpp"

#include <gtest/gtest.h>

namespace recorte::batch {
namespace {

using job::Phase;

/// Whoever holds a job was faster than what would have ended it here.
TEST(Marks, AJobThatIsHeldIsNotTheRunnersToEnd) {
  test::MemoryStore store;
  auto& held = store.jobs["a"];
  held.id = "a";
  held.phase = Phase::kHeld;
  held.hold = job::Hold::kAdmin;
  for (const auto& marked :
       {mark_failed(store, held, {ErrorCode::kData, "broken"}), mark_overrun(store, held),
        mark_completed(store, held, {}), mark_started(store, held, 1, 1)}) {
    ASSERT_FALSE(marked);
    EXPECT_EQ(marked.error().code, ErrorCode::kForbidden);
  }
  EXPECT_EQ(store.jobs.at("a").phase, Phase::kHeld);
  EXPECT_FALSE(store.jobs.at("a").error);
}

/// Its lease had ended while this server stood still.
TEST(Marks, AJobThatAnotherServerHasIsNotOursToEnd) {
  test::MemoryStore store;
  auto& there = store.jobs["a"];
  there.id = "a";
  there.phase = Phase::kExecuting;
  there.server = "ours";
  const auto claimed = there;
  there.server = "another";
  for (const auto& marked :
       {mark_failed(store, claimed, {ErrorCode::kData, "broken"}), mark_overrun(store, claimed),
        mark_completed(store, claimed, {}), mark_started(store, claimed, 1, 1),
        mark_held(store, claimed, {ErrorCode::kForbidden, "gone"}),
        mark_groups(store, claimed, {"des"})}) {
    ASSERT_FALSE(marked);
    EXPECT_EQ(marked.error().code, ErrorCode::kForbidden);
  }
  EXPECT_EQ(store.jobs.at("a").phase, Phase::kExecuting);
  EXPECT_TRUE(mark_failed(store, store.jobs.at("a"), {ErrorCode::kData, "broken"}));
}

struct MarksTest : testing::Test {
  std::int64_t started_with(std::int64_t products) {
    const auto started = mark_started(store, *store.find("a"), 0, products);
    EXPECT_TRUE(started) << started.error().message;
    return started ? started->charged : -1;
  }
  void add(std::int64_t products, std::int64_t charged) {
    job::Job job;
    job.id = "a";
    job.owner = "ann";
    job.phase = job::Phase::kQueued;
    job.products = products;
    job.charged = charged;
    ASSERT_TRUE(store.add(job));
  }
  test::MemoryStore store;
};

TEST_F(MarksTest, WhatWasNotKnownWhenItWasRunIsChargedWhenItStarts) {
  add(0, 0);
  EXPECT_EQ(started_with(40), 40);
  EXPECT_EQ(store.usage("ann")->cutouts_today, 40);
  EXPECT_EQ(started_with(40), 40) << "on another server";
  EXPECT_EQ(store.usage("ann")->cutouts_today, 40);
}

/// A server that dies after it added the tasks of what failed leaves the next one to say so.
TEST_F(MarksTest, NothingHasFailedOnceItIsTriedAgainWhoeverAddedItsTasks) {
  add(40, 40);
  store.jobs.at("a").tally = {30, 0, 0, 10, 0, 0};
  started_with(40);
  EXPECT_EQ(store.jobs.at("a").tally.failed, 0);
  EXPECT_EQ(store.jobs.at("a").tally.ok, 30);
  store.jobs.at("a").tally.failed = 2;
  started_with(40);
  EXPECT_EQ(store.jobs.at("a").tally.failed, 2) << "it was EXECUTING, and goes on elsewhere";
}

TEST_F(MarksTest, WhatWasChargedWhenItWasRunIsNotChargedAgain) {
  add(40, 40);
  EXPECT_EQ(started_with(40), 40);
}

}  // namespace
}  // namespace recorte::batch
