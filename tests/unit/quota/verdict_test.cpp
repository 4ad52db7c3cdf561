// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/verdict.hpp"

#include <gmock/gmock.h>

namespace recorte::quota {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Micros kHour = 3'600'000'000;
constexpr Micros kNoon = 20'785 * 24 * kHour + 12 * kHour;  // 2026-11-28
constexpr Micros kMidnight = kNoon + 12 * kHour;
constexpr Micros kDecember = kMidnight + 48 * kHour;

std::vector<std::string_view> names(const std::vector<Standing>& all) {
  std::vector<std::string_view> out;
  for (const auto& each : all) out.push_back(each.name);
  return out;
}

TEST(Judge, WithoutALimitAllIsAllowed) {
  const job::Usage much{1LL << 40, 1LL << 60, 1LL << 40, 99, 1LL << 60, 1LL << 60, 1LL << 60};
  const auto verdict = judge({}, much, {1LL << 60, 1LL << 60, true}, kNoon);
  EXPECT_EQ(verdict.answer, Answer::kYes);
  EXPECT_THAT(verdict.broken, IsEmpty());
  EXPECT_EQ(cutouts_left({}, much), kUnlimited);
}

TEST(Judge, TheLimitItselfIsAllowed) {
  const Limits limits{.cutouts_per_day = 100};
  job::Usage usage;
  usage.cutouts_today = 94;
  EXPECT_EQ(judge(limits, usage, {.cutouts = 6}, kNoon).answer, Answer::kYes);
  EXPECT_EQ(judge(limits, usage, {.cutouts = 7}, kNoon).answer, Answer::kWait);
  usage.cutouts_today = 100;
  EXPECT_EQ(judge(limits, usage, {.cutouts = 1}, kNoon).answer, Answer::kWait);
  EXPECT_EQ(judge(limits, usage, {.positions = 1, .job = true}, kNoon).answer, Answer::kYes)
      << "one that asks for none";
  EXPECT_EQ(judge(limits, {}, {.cutouts = 100}, kNoon).answer, Answer::kYes);
  EXPECT_EQ(judge(limits, {}, {.cutouts = 101}, kNoon).answer, Answer::kNo) << "it never fits";
}

TEST(Judge, WaitsForTheLastOfThoseThatRenew) {
  const Limits limits{.cutouts_per_day = 10, .cutouts_per_month = 20, .worker_seconds_per_day = 5};
  job::Usage usage;
  usage.cutouts_today = 10;
  auto verdict = judge(limits, usage, {.cutouts = 1}, kNoon);
  EXPECT_EQ(verdict.answer, Answer::kWait);
  EXPECT_EQ(verdict.until, kMidnight);
  usage.cutouts_this_month = 20;
  usage.work_us_today = 5'000'000;
  verdict = judge(limits, usage, {.cutouts = 1}, kNoon);
  EXPECT_EQ(verdict.answer, Answer::kWait);
  EXPECT_EQ(verdict.until, kDecember);
  EXPECT_EQ(names(verdict.broken),
            (std::vector<std::string_view>{"cutouts_per_day", "cutouts_per_month",
                                           "worker_seconds_per_day"}));
  const auto error = refusal(verdict, kNoon);
  EXPECT_EQ(error.code, ErrorCode::kRateLimited);
  EXPECT_EQ(error.retry_s, 60 * 3600);
  EXPECT_THAT(error.message, AllOf(HasSubstr("10 of 10 cutouts a day are used"),
                                   HasSubstr("; and 20 of 20 cutouts a month are used"),
                                   HasSubstr("; and 5 seconds of workers")));
}

TEST(Judge, WhereOneSaysNoWaitingIsNoHelp) {
  const Limits limits{.cutouts_per_day = 10, .jobs = 3};
  job::Usage usage;
  usage.cutouts_today = 10;
  usage.active = 3;
  const auto verdict = judge(limits, usage, {1, 1, true}, kNoon);
  EXPECT_EQ(verdict.answer, Answer::kNo);
  EXPECT_EQ(verdict.until, 0);
  const auto error = refusal(verdict, kNoon);
  EXPECT_EQ(error.code, ErrorCode::kForbidden);
  EXPECT_EQ(error.retry_s, 0);
  EXPECT_THAT(error.message, AllOf(HasSubstr("cutouts a day"), HasSubstr("3 jobs have not ended")));
  EXPECT_EQ(judge(limits, usage, {1, 1, false}, kNoon).answer, Answer::kWait)
      << "it is among those that have not ended already";
}

TEST(Judge, TheEndOfAWaitIsRoundedUp) {
  job::Usage usage;
  usage.cutouts_today = 1;
  const auto at = kMidnight - 1'500'000;
  EXPECT_EQ(refusal(judge({.cutouts_per_day = 1}, usage, {.cutouts = 1}, at), at).retry_s, 2);
}

TEST(Standings, AreThoseOfTheLimitsThereAre) {
  job::Usage usage;
  usage.running = 2;
  usage.bytes = 500;
  const auto all = standings({.running_jobs = 4, .bytes = 1000}, usage, kNoon);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "running_jobs");
  EXPECT_EQ(all[0].used, 2);
  EXPECT_EQ(all[0].limit, 4);
  EXPECT_EQ(all[0].renews, 0);
  EXPECT_EQ(all[1].name, "bytes");
  EXPECT_EQ(all[1].used, 500);
}

TEST(CutoutsLeft, AreThoseOfTheStrictest) {
  job::Usage usage;
  usage.cutouts_today = 30;
  usage.cutouts_this_month = 940;
  EXPECT_EQ(cutouts_left({.cutouts_per_day = 100}, usage), 70);
  EXPECT_EQ(cutouts_left({.cutouts_per_day = 100, .cutouts_per_month = 1000}, usage), 60);
  EXPECT_EQ(cutouts_left({.cutouts_per_day = 20}, usage), 0);
  EXPECT_EQ(cutouts_left({.cutouts_per_day = 100, .worker_seconds_per_day = 1}, usage), 70);
  usage.work_us_today = 1'000'000;
  EXPECT_EQ(cutouts_left({.cutouts_per_day = 100, .worker_seconds_per_day = 1}, usage), 0);
  EXPECT_EQ(cutouts_left({.jobs = 1, .bytes = 1}, usage), kUnlimited);
}

}  // namespace
}  // namespace recorte::quota
