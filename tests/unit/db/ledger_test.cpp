// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/ledger.hpp"

#include "core/base/calendar.hpp"
#include "tests/unit/db/job_support.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <thread>

namespace recorte::db {
namespace {

constexpr Micros kHour = 3'600'000'000;
/// 2026-11-28, 12:00.
constexpr Micros kNoon = 20'785 * 24 * kHour + 12 * kHour;

class LedgerOnBoth : public JobsOnBoth {
 protected:
  void SetUp() override {
    JobsOnBoth::SetUp();
    if (IsSkipped()) return;
    store_ = open(database(), [this] { return now_; });
    ledger_ = ledger();
  }
  std::unique_ptr<Ledger> ledger() {
    return std::make_unique<Ledger>(
        Ledger::Options{.database = database(), .clock = [this] { return now_; }});
  }
  std::int64_t taken(std::int64_t most, const quota::Limits& limits) {
    const auto out = ledger_->take("ann", most, limits);
    EXPECT_TRUE(out) << out.error().message;
    return out ? out->cutouts : -1;
  }
  std::int64_t today() { return store_->usage("ann")->cutouts_today; }
  Micros now_ = kNoon;
  std::unique_ptr<Ledger> ledger_;
};
INSTANTIATE_ON_BOTH(LedgerOnBoth);

TEST_P(LedgerOnBoth, TakesNoMoreThanTheLimitsLeave) {
  const quota::Limits limits{.cutouts_per_day = 100, .cutouts_per_month = 110};
  EXPECT_EQ(taken(10, limits), 10);
  EXPECT_EQ(taken(10, limits), 10);
  EXPECT_EQ(today(), 20);
  std::int64_t all = 20;
  for (std::int64_t more = 1; more > 0; all += more) more = taken(10, limits);
  EXPECT_EQ(all, 100);
  const auto none = ledger_->take("ann", 10, limits);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->usage.cutouts_today, 100);
  EXPECT_EQ(none->usage.time, now_);
  EXPECT_EQ(today(), 100);
  now_ += 12 * kHour;
  for (std::int64_t more = 1; more > 0; all += more) more = taken(10, limits);
  EXPECT_EQ(all, 110) << "of the month";
  EXPECT_EQ(store_->usage("bob")->cutouts_today, 0);
}

TEST_P(LedgerOnBoth, GivesBackToTheDayThatWasCharged) {
  EXPECT_EQ(taken(50, {.cutouts_per_day = 1000}), 50);
  now_ += 24 * kHour;
  EXPECT_EQ(taken(50, {.cutouts_per_day = 1000}), 50);
  ASSERT_TRUE(ledger_->give_back("ann", 20, day_of(kNoon)));
  EXPECT_EQ(today(), 50);
  EXPECT_EQ(store_->usage("ann")->cutouts_this_month, 80);
  ASSERT_TRUE(ledger_->give_back("ann", 20, day_of(now_)));
  EXPECT_EQ(today(), 30);
  ASSERT_TRUE(ledger_->give_back("ann", 1000, day_of(now_)));
  EXPECT_EQ(today(), 0) << "no day is less than nothing";
}

/// Its commit may have come to pass.
TEST_P(LedgerOnBoth, WhatIsInDoubtIsNotTakenTwice) {
  if (!postgresql()) GTEST_SKIP() << "a file's connection is not lost";
  EXPECT_EQ(taken(1, {.cutouts_per_day = 100}), 1);
  Look::into(database())
      ->run(
          "create sequence deaths; create function die() returns trigger language plpgsql as $$ "
          "begin if nextval('deaths') = 1 then perform pg_terminate_backend(pg_backend_pid()); end "
          "if; return null; end $$; create constraint trigger dying after update on ledger "
          "deferrable initially deferred for each row execute function die()");
  const auto lost = ledger_->take("ann", 10, {.cutouts_per_day = 100});
  ASSERT_FALSE(lost) << lost->cutouts << " may be charged twice";
  EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(today(), 1);
  EXPECT_EQ(taken(10, {.cutouts_per_day = 100}), 10);
}

/// Leases and jobs of two servers draw on one quota.
TEST_P(LedgerOnBoth, LeasesAndJobsTogetherDoNotOvershoot) {
  constexpr std::int64_t kMost = 500;
  const quota::Limits limits{.cutouts_per_day = kMost};
  const auto other_ledger = ledger();
  const auto other_store = open(database(), [this] { return now_; });
  std::atomic<std::int64_t> leased = 0, accepted = 0;
  std::latch start(8);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      auto& by = t % 2 == 0 ? *ledger_ : *other_ledger;
      auto& store = t % 2 == 0 ? *store_ : *other_store;
      start.arrive_and_wait();
      for (int i = 0; i < 25; ++i) {
        if (t < 4) {
          const auto some = by.take("ann", 3, limits);  // leaves some for the jobs, who want more
          ASSERT_TRUE(some) << some.error().message;
          leased += some->cutouts;
          continue;
        }
        job::Job job;
        job.id = std::to_string(t) + "-" + std::to_string(i);
        job.owner = "ann";
        const auto added = store.add(job, [](job::Job& wanted, const job::Usage& usage) -> Status {
          if (usage.cutouts_today + 7 > kMost) return fail(ErrorCode::kForbidden, "no");
          wanted.charged = 7;
          return {};
        });
        if (added) accepted += 7;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(today(), leased + accepted);
  EXPECT_LE(today(), kMost);
  EXPECT_GT(today(), kMost - 7) << "all that there is room for is accepted";
  EXPECT_GT(leased, 0);
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace recorte::db
