// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/outage.hpp"
#include "auth/oidc/refreshed.hpp"
#include "auth/oidc/verdicts.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace recorte::auth::oidc {
namespace {

class Kept : public testing::Test {
 protected:
  using Numbers = Refreshed<int>;
  Numbers::Options options() {
    return {.keep = 100'000'000,
            .stale = 1'000'000'000,
            .burst = 3,
            .again = 30'000'000,
            .pause = 5'000'000,
            .most_waiting = 1,
            .clock = [this] { return now_ms.load(); }};
  }
  Result<int> ask() {
    ++asked;
    if (away) return fail(ErrorCode::kUnavailable, "away");
    return asked.load();
  }
  std::atomic<std::int64_t> now_ms{1'000'000};
  std::atomic<int> asked{0};
  bool away = false;
  Numbers numbers{[this] { return ask(); }, options()};
};

TEST_F(Kept, IsAskedForOnceAsLongAsItIsKept) {
  EXPECT_EQ(**numbers.get(), 1);
  now_ms += 99'999;
  EXPECT_EQ(**numbers.get(), 1);
  now_ms += 1;
  EXPECT_EQ(**numbers.get(), 2);
}

TEST_F(Kept, IsAskedForAgainSoOftenAtMost) {
  for (int i = 0; i < 1'000; ++i) (void)numbers.renewed(*numbers.get());
  EXPECT_EQ(asked, 3);
  now_ms += 30'000;
  const auto old = *numbers.get();
  EXPECT_EQ(**numbers.renewed(old), 4);
  EXPECT_EQ(**numbers.renewed(old), 4) << "it is newer than the old one already";
  EXPECT_EQ(asked, 4);
}

TEST_F(Kept, OutlivesAProviderThatIsAwayForAWhile) {
  (void)numbers.get();
  away = true;
  now_ms += 500'000;
  EXPECT_EQ(**numbers.get(), 1);
  EXPECT_EQ(**numbers.get(), 1);
  EXPECT_EQ(asked, 2) << "not again at once";
  EXPECT_FALSE(numbers.renewed(*numbers.get()));
  now_ms += 500'000;
  EXPECT_FALSE(numbers.get()) << "too old by now";
  away = false;
  now_ms += 5'000;
  EXPECT_EQ(**numbers.get(), 4);
}

TEST_F(Kept, IsUnknownWhereNobodyEverAnswered) {
  away = true;
  EXPECT_EQ(numbers.get().error().code, ErrorCode::kUnavailable);
  (void)numbers.get();
  EXPECT_EQ(asked, 1) << "not again at once";
}

TEST_F(Kept, HoldsUpFewWhileItIsAskedFor) {
  std::promise<void> begun, go;
  Numbers slow(
      [&]() -> Result<int> {
        begun.set_value();
        go.get_future().wait();
        return 1;
      },
      options());
  auto first = std::async(std::launch::async, [&] { return slow.get(); });
  begun.get_future().wait();
  // One of these waits, and the other is told to come again.
  auto one = std::async(std::launch::async, [&] { return slow.get(); });
  auto other = std::async(std::launch::async, [&] { return slow.get(); });
  while (one.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready &&
         other.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  go.set_value();
  EXPECT_TRUE(first.get());
  const bool a = one.get().has_value(), b = other.get().has_value();
  EXPECT_NE(a, b);
}

TEST(OutageOfAProvider, HasOneAskFirst) {
  std::int64_t now = 0;
  Outage outage([&] { return now; });
  EXPECT_TRUE(outage.enter());
  EXPECT_TRUE(outage.enter());
  outage.failed({ErrorCode::kUnavailable, "away"});
  const auto no = outage.enter();
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().message, "away");
  EXPECT_EQ(no.error().retry_s, 1);
  now += 1'000;
  EXPECT_TRUE(outage.enter());
  EXPECT_FALSE(outage.enter()) << "one tries";
  outage.failed({ErrorCode::kUnavailable, "still away"});
  now += 1'000;
  EXPECT_FALSE(outage.enter()) << "longer each time";
  now += 1'000;
  EXPECT_TRUE(outage.enter());
  outage.answered();
  EXPECT_TRUE(outage.enter());
  EXPECT_TRUE(outage.enter());
}

Verdicts::Verdict of(const std::string& name, Micros until) {
  account::Identity out;
  out.name = name;
  return {out, until};
}

TEST(VerdictsOnTokens, CountUntilTheirEnd) {
  Verdicts verdicts(10);
  EXPECT_EQ(verdicts.ask("h", 100, [] { return of("ann", 200); })->name, "ann");
  EXPECT_EQ(verdicts.ask("h", 199, [] { return of("eve", 300); })->name, "ann");
  EXPECT_EQ((*verdicts.known("h", 199))->name, "ann");
  EXPECT_FALSE(verdicts.known("h", 200));
  EXPECT_FALSE(verdicts.known("g", 100));
  EXPECT_EQ(verdicts.ask("h", 200, [] { return of("eve", 300); })->name, "eve");
}

TEST(VerdictsOnTokens, ThatAreNotKeptAreFoundEachTime) {
  Verdicts verdicts(10);
  (void)verdicts.ask("h", 100, [] { return of("ann", 100); });
  EXPECT_EQ(verdicts.size(), 0U);
  EXPECT_EQ(verdicts.ask("h", 100, [] { return of("eve", 100); })->name, "eve");
}

TEST(VerdictsOnTokens, AreSoManyAtMost) {
  Verdicts verdicts(3);
  for (const auto* hash : {"a", "b", "c", "d", "e"})
    (void)verdicts.ask(hash, 0, [] { return of("ann", 100); });
  EXPECT_EQ(verdicts.size(), 3U);
  EXPECT_FALSE(verdicts.known("a", 0));
  EXPECT_TRUE(verdicts.known("e", 0));
}

TEST(VerdictsOnTokens, OfOneTokenAreFoundOnce) {
  Verdicts verdicts(10);
  std::atomic<int> judged{0};
  std::promise<void> begun, go;
  auto first = std::async(std::launch::async, [&] {
    return verdicts.ask("h", 0, [&] {
      ++judged;
      begun.set_value();
      go.get_future().wait();
      return of("ann", 0);
    });
  });
  begun.get_future().wait();
  std::vector<std::thread> threads;
  std::atomic<int> same{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto it = verdicts.ask("h", 0, [&] {
        ++judged;
        return of("eve", 0);
      });
      if (it->name == "ann") ++same;
    });
  while (verdicts.waiting() < 8) std::this_thread::yield();
  go.set_value();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(first.get()->name, "ann");
  EXPECT_EQ(same, 8);
  EXPECT_EQ(judged, 1);
}

TEST(VerdictsOnTokens, HoldUpNobodyAfterABug) {
  Verdicts verdicts(10);
  EXPECT_THROW(
      (void)verdicts.ask("h", 0, []() -> Verdicts::Verdict { throw std::runtime_error("bug"); }),
      std::runtime_error);
  EXPECT_EQ(verdicts.ask("h", 0, [] { return of("ann", 0); })->name, "ann");
}

TEST(HashOfAToken, IsSha256) {
  EXPECT_EQ(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace recorte::auth::oidc
