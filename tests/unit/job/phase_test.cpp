// SPDX-License-Identifier: BSD-3-Clause
#include "core/job/phase.hpp"

#include "tests/unit/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>

namespace recorte::job {
namespace {

using testing::HasSubstr;

constexpr std::array kMoves{Move::kRun,      Move::kRetry, Move::kHold,  Move::kStart,
                            Move::kComplete, Move::kFail,  Move::kAbort, Move::kArchive};

Phase phase(std::string_view name) { return phase_from_name(name).value(); }

TEST(Phase, NamesAreThoseOfUwsAndReadBack) {
  for (std::size_t i = 0; i < kPhaseNames.size(); ++i) {
    EXPECT_EQ(phase_from_name(kPhaseNames[i]), static_cast<Phase>(i));
    EXPECT_EQ(name_of(static_cast<Phase>(i)), kPhaseNames[i]);
  }
  for (const auto* name : {"", "pending", "UNKNOWN", "RUN", "QUEUED "})
    EXPECT_FALSE(phase_from_name(name)) << name;
}

/// Every pair of a phase and a move, written down once more: what is not here is refused.
TEST(Phase, TransitionsAreThese) {
  const std::map<std::pair<std::string, Move>, std::string> legal{
      {{"PENDING", Move::kRun}, "QUEUED"},
      {{"PENDING", Move::kHold}, "HELD"},
      {{"PENDING", Move::kFail}, "ERROR"},
      {{"PENDING", Move::kAbort}, "ABORTED"},
      {{"PENDING", Move::kArchive}, "ARCHIVED"},
      {{"HELD", Move::kRun}, "QUEUED"},
      {{"HELD", Move::kFail}, "ERROR"},
      {{"HELD", Move::kAbort}, "ABORTED"},
      {{"HELD", Move::kArchive}, "ARCHIVED"},
      {{"QUEUED", Move::kHold}, "HELD"},
      {{"EXECUTING", Move::kHold}, "HELD"},
      {{"QUEUED", Move::kStart}, "EXECUTING"},
      {{"QUEUED", Move::kFail}, "ERROR"},
      {{"QUEUED", Move::kAbort}, "ABORTED"},
      {{"EXECUTING", Move::kStart}, "EXECUTING"},
      {{"EXECUTING", Move::kComplete}, "COMPLETED"},
      {{"EXECUTING", Move::kFail}, "ERROR"},
      {{"EXECUTING", Move::kAbort}, "ABORTED"},
      {{"SUSPENDED", Move::kAbort}, "ABORTED"},
      {{"COMPLETED", Move::kRetry}, "QUEUED"},
      {{"COMPLETED", Move::kArchive}, "ARCHIVED"},
      {{"ERROR", Move::kRun}, "QUEUED"},
      {{"ERROR", Move::kRetry}, "QUEUED"},
      {{"ERROR", Move::kArchive}, "ARCHIVED"},
      {{"ABORTED", Move::kRun}, "QUEUED"},
      {{"ABORTED", Move::kRetry}, "QUEUED"},
      {{"ABORTED", Move::kArchive}, "ARCHIVED"},
  };
  for (const auto name : kPhaseNames) {
    for (const auto move : kMoves) {
      const auto expected = legal.find({std::string(name), move});
      const auto next = moved(phase(name), move);
      ASSERT_EQ(next.has_value(), expected != legal.end())
          << name << " and move " << static_cast<int>(move);
      if (!next) continue;
      EXPECT_EQ(name_of(*next), expected->second);
    }
  }
}

TEST(Phase, WhatIsRefusedNamesThePhaseAndARemedy) {
  const auto error = [](std::string_view from, Move move) {
    return moved(phase(from), move).error();
  };
  EXPECT_EQ(error("ARCHIVED", Move::kRun).code, ErrorCode::kUsage);
  EXPECT_THAT(error("ARCHIVED", Move::kRun).message, HasSubstr("ARCHIVED"));
  EXPECT_THAT(error("ARCHIVED", Move::kRun).message, HasSubstr("make a new job"));
  EXPECT_THAT(error("COMPLETED", Move::kRun).message, HasSubstr("retry it"));
  EXPECT_THAT(error("EXECUTING", Move::kArchive).message, HasSubstr("abort it first"));
  EXPECT_THAT(error("COMPLETED", Move::kAbort).message, HasSubstr("ended"));
}

/// However moves come, a job that is ARCHIVED stays so, and one that has ended runs again only by
/// its owner's hand.
TEST(Phase, RandomMovesKeepTheInvariants) {
  std::mt19937 random(recorte::test::seed(7));
  for (int run = 0; run < 2'000; ++run) {
    auto now = Phase::kPending;
    for (int step = 0; step < 40; ++step) {
      const auto move = kMoves[random() % kMoves.size()];
      const auto next = moved(now, move);
      if (!next) continue;
      ASSERT_NE(now, Phase::kArchived);
      if (has_ended(now) && *next != Phase::kArchived) {
        ASSERT_TRUE(move == Move::kRun || move == Move::kRetry);
        ASSERT_EQ(*next, Phase::kQueued);
      }
      if (*next == Phase::kCompleted) {
        ASSERT_EQ(now, Phase::kExecuting);
      }
      now = *next;
    }
  }
}

}  // namespace
}  // namespace recorte::job
