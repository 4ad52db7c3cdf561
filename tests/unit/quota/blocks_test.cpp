// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/blocks.hpp"

#include "core/base/calendar.hpp"
#include "core/quota/verdict.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace recorte::quota {
namespace {

using testing::HasSubstr;

constexpr Micros kSecond = 1'000'000, kDay = 86'400 * kSecond;
constexpr Micros kNoon = 20'785 * kDay + kDay / 2;

/// A ledger in memory, which may be stopped on its way for one user.
class MemoryLedger : public Ledger {
 public:
  explicit MemoryLedger(const std::atomic<Micros>& clock) : clock_(clock) {}
  Result<Taken> take(const std::string& owner, std::int64_t most, const Limits& limits) override {
    if (owner == slow) gate.get_future().wait();
    const std::lock_guard lock(mutex);
    ++asked;
    if (away) return fail(ErrorCode::kUnavailable, "the database is away");
    const auto now = clock_ + ahead;
    Taken out;
    out.usage.time = now;
    out.usage.cutouts_today = out.usage.cutouts_this_month = used[{owner, day_of(now)}];
    out.cutouts = lease_of(cutouts_left(limits, out.usage), most);
    used[{owner, day_of(now)}] += out.cutouts;
    return out;
  }
  Status give_back(const std::string& owner, std::int64_t cutouts, std::int64_t day) override {
    const std::lock_guard lock(mutex);
    used[{owner, day}] -= cutouts;
    return {};
  }
  std::int64_t of(const std::string& owner, Micros time) {
    const std::lock_guard lock(mutex);
    return used[{owner, day_of(time)}];
  }

  std::mutex mutex;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> used;
  int asked = 0;
  std::atomic<bool> away = false;
  Micros ahead = 0;
  std::string slow;
  std::promise<void> gate;

 private:
  const std::atomic<Micros>& clock_;
};

class BlocksTest : public testing::Test {
 protected:
  BlocksTest() { quotas_.everyone.cutouts_per_day = 1000; }
  Blocks& blocks() {
    if (!blocks_)
      blocks_ = std::make_unique<Blocks>(
          quotas_, ledger_, Blocks::Options{.block = 50, .clock = [this] { return now_.load(); }});
    return *blocks_;
  }
  Result<Drawn> draw(const std::string& user = "ann") {
    std::promise<Result<Drawn>> out;
    blocks().draw(user, {}, [&](Result<Drawn> drawn) { out.set_value(std::move(drawn)); });
    return out.get_future().get();
  }
  std::atomic<Micros> now_ = kNoon;
  Quotas quotas_;
  MemoryLedger ledger_{now_};
  std::unique_ptr<Blocks> blocks_;
};

TEST_F(BlocksTest, WithoutALimitNobodyIsAsked) {
  quotas_.everyone = {.jobs = 1, .bytes = 1};
  const auto drawn = draw();
  ASSERT_TRUE(drawn);
  blocks().put_back("ann", *drawn);
  blocks_.reset();
  EXPECT_EQ(ledger_.asked, 0);
  EXPECT_TRUE(ledger_.used.empty());
}

TEST_F(BlocksTest, ABlockIsDrawnWithoutTheLedger) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(draw());
  EXPECT_EQ(ledger_.asked, 1);
  EXPECT_EQ(ledger_.of("ann", now_), 50);
  ASSERT_TRUE(draw());
  EXPECT_EQ(ledger_.asked, 2);
  ASSERT_TRUE(draw("bob"));
  EXPECT_EQ(ledger_.of("ann", now_), 100);
  EXPECT_EQ(ledger_.of("bob", now_), 50);
}

TEST_F(BlocksTest, NotOneMoreThanTheLimit) {
  int drawn = 0;
  for (; drawn <= 1000 && draw(); ++drawn) {
  }
  EXPECT_EQ(drawn, 1000);
  EXPECT_EQ(ledger_.of("ann", now_), 1000);
  EXPECT_LT(ledger_.asked, 80);
  const auto refused = draw();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRateLimited);
  EXPECT_EQ(refused.error().retry_s, 12 * 3600);
  EXPECT_THAT(refused.error().message,
              HasSubstr("1000 of 1000 cutouts a day are used and 1 more asked for"));
}

TEST_F(BlocksTest, AFloodPastTheLimitAsksOnceInAWhile) {
  quotas_.everyone.cutouts_per_day = 0;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(draw());
  EXPECT_EQ(ledger_.asked, 1);
  now_ += kSecond;
  EXPECT_FALSE(draw());
  EXPECT_EQ(ledger_.asked, 2);
}

TEST_F(BlocksTest, WhatComesToNothingIsPutBack) {
  quotas_.everyone.cutouts_per_day = 1;
  auto drawn = draw();
  ASSERT_TRUE(drawn);
  EXPECT_FALSE(draw());
  blocks().put_back("ann", *drawn);
  EXPECT_TRUE(draw());
  EXPECT_FALSE(draw());
}

TEST_F(BlocksTest, WhatIsNotDrawnIsGivenBack) {
  ASSERT_TRUE(draw());
  blocks().settle();
  EXPECT_EQ(ledger_.of("ann", now_), 50);
  now_ += 11 * kSecond;
  blocks().settle();
  EXPECT_EQ(ledger_.of("ann", now_), 1);
  ASSERT_TRUE(draw());
  EXPECT_EQ(ledger_.of("ann", now_), 51);
  const auto late = draw();
  blocks().stop();
  EXPECT_EQ(draw().error().code, ErrorCode::kUnavailable);
  blocks().put_back("ann", *late);
  blocks_.reset();
  EXPECT_EQ(ledger_.of("ann", now_), 2);
}

TEST_F(BlocksTest, ACutoutOfTodayIsNotYesterdays) {
  const auto yesterday = draw();
  ASSERT_TRUE(yesterday);
  now_ += kDay / 2 - 1;
  ASSERT_TRUE(draw());
  EXPECT_EQ(ledger_.asked, 1);
  now_ += 1;
  ASSERT_TRUE(draw());
  EXPECT_EQ(ledger_.asked, 2);
  EXPECT_EQ(ledger_.of("ann", now_), 50);
  blocks().put_back("ann", *yesterday);
  blocks_.reset();
  EXPECT_EQ(ledger_.of("ann", now_), 1);
  EXPECT_EQ(ledger_.of("ann", kNoon), 1);
}

TEST_F(BlocksTest, TheLedgersClockCountsTheDays) {
  ledger_.ahead = kDay / 2;  // there it is tomorrow
  ASSERT_TRUE(draw());
  ASSERT_TRUE(draw());
  EXPECT_EQ(ledger_.asked, 1);
  EXPECT_EQ(ledger_.of("ann", kNoon + kDay), 50);
}

TEST_F(BlocksTest, ALedgerThatIsAwayIsAskedAgainLater) {
  ledger_.away = true;
  EXPECT_EQ(draw().error().code, ErrorCode::kUnavailable);
  ledger_.away = false;
  EXPECT_THAT(draw().error().message, HasSubstr("the database is away"));
  now_ += kSecond;
  EXPECT_TRUE(draw());
}

TEST_F(BlocksTest, ALedgerThatIsAwayIsAwayForEveryone) {
  ledger_.away = true;
  EXPECT_FALSE(draw("ann"));
  EXPECT_THAT(draw("bob").error().message, HasSubstr("the database is away"));
  EXPECT_EQ(ledger_.asked, 1);
  ledger_.away = false;
  now_ += kSecond;
  EXPECT_TRUE(draw("bob"));
  EXPECT_TRUE(draw("ann"));
}

TEST_F(BlocksTest, OneWhoWaitsHoldsUpNobodyElse) {
  ledger_.slow = "ann";
  std::latch all(30);
  std::atomic<int> good = 0;
  for (int i = 0; i < 30; ++i)
    blocks().draw("ann", {}, [&](const Result<Drawn>& drawn) {
      good += drawn ? 1 : 0;
      all.count_down();
    });
  EXPECT_TRUE(draw("bob"));
  EXPECT_TRUE(draw("eve"));
  EXPECT_EQ(good, 0);
  ledger_.gate.set_value();
  all.wait();
  EXPECT_EQ(good, 30);
  EXPECT_EQ(ledger_.asked, 3);
}

TEST_F(BlocksTest, WhoWaitsAtTheEndIsToldSo) {
  ledger_.slow = "ann";
  std::promise<ErrorCode> told;
  blocks().draw("ann", {}, [&](const Result<Drawn>& drawn) {
    told.set_value(drawn.error().code);
    ledger_.gate.set_value();
  });
  blocks().stop();
  EXPECT_EQ(told.get_future().get(), ErrorCode::kUnavailable);
  blocks_.reset();
  EXPECT_EQ(ledger_.of("ann", now_), 0);
}

/// As two servers with one ledger.
TEST_F(BlocksTest, ManyAtOnceOnTwoServersDrawWhatThereIs) {
  auto& one = blocks();
  auto other = std::make_unique<Blocks>(
      quotas_, ledger_, Blocks::Options{.block = 50, .clock = [this] { return now_.load(); }});
  constexpr int kThreads = 8, kEach = 200;
  std::atomic<int> good = 0;
  std::latch all(kThreads * kEach);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i)
        (t % 2 == 0 ? one : *other).draw("ann", {}, [&](const Result<Drawn>& drawn) {
          good += drawn ? 1 : 0;
          all.count_down();
        });
    });
  for (auto& thread : threads) thread.join();
  all.wait();
  blocks_.reset();
  other.reset();
  EXPECT_LE(good, 1000);
  EXPECT_EQ(ledger_.of("ann", now_), good) << "what was leased and not drawn was given back";
  now_ += kSecond;
  Blocks last(quotas_, ledger_, {.block = 50, .clock = [this] { return now_.load(); }});
  for (int left = 1000 - good; left > 0; --left) {
    std::promise<bool> drawn;
    last.draw("ann", {}, [&](const Result<Drawn>& it) { drawn.set_value(it.has_value()); });
    EXPECT_TRUE(drawn.get_future().get());
  }
  EXPECT_EQ(ledger_.of("ann", now_), 1000);
}

}  // namespace
}  // namespace recorte::quota
