// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/shares.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace recorte::command {
namespace {

TEST(Shares, EachHasARangeOfItsOwn) {
  Shares shares(10, 3);
  const auto a = shares.take(0, 2), b = shares.take(1, 2), c = shares.take(2, 2);
  EXPECT_EQ(a.begin, 0U);
  EXPECT_EQ(b.begin, 4U);
  EXPECT_EQ(c.begin, 7U);
  EXPECT_EQ(shares.take(0, 1).begin, a.end);
  EXPECT_EQ(shares.take(1, 1).begin, b.end);
}

TEST(Shares, WhoHasNothingLeftTakesHalfOfTheLargestRest) {
  Shares shares(100, 2);
  EXPECT_EQ(shares.take(0, 50).size(), 50U);
  const auto stolen = shares.take(0, 10);  // of [50, 100): [75, 100)
  EXPECT_EQ(stolen.begin, 75U);
  EXPECT_EQ(stolen.size(), 10U);
  EXPECT_EQ(shares.take(1, 100).size(), 25U);
  EXPECT_EQ(shares.take(1, 100).begin, 92U);  // of [85, 100)
}

TEST(Shares, NothingIsTakenTwiceOrLeft) {
  for (const std::size_t length : {0, 1, 2, 3, 7, 1000}) {
    constexpr std::size_t kTakers = 4;
    Shares shares(length, kTakers);
    std::vector<std::atomic<int>> taken(length);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kTakers; ++i)
      threads.emplace_back([&, i] {
        for (std::size_t most = 1;; most = most % 5 + 1) {
          const auto [begin, end] = shares.take(i, most);
          if (begin == end) return;
          EXPECT_LE(end - begin, most);
          for (auto at = begin; at < end; ++at) ++taken[at];
        }
      });
    for (auto& thread : threads) thread.join();
    for (const auto& times : taken) EXPECT_EQ(times, 1);
  }
}

}  // namespace
}  // namespace recorte::command
