// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/memory_need.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recorte::service {
namespace {

constexpr std::uint64_t kMost = 2ULL << 30;

TEST(MemoryNeed, IsNothingForStampsAndGrowsToWhatAWorkerMayTake) {
  EXPECT_EQ(memory_need(256 * 256 * 5, kMost), 0U);
  EXPECT_EQ(memory_need(0, kMost), 0U);
  EXPECT_EQ(memory_need(10'000'000, kMost), 160'000'000U);
  EXPECT_EQ(memory_need(1e12, kMost), kMost);
}

TEST(MemoryNeed, OfWhatIsNotKnownIsNothing) { EXPECT_EQ(memory_need(std::nan(""), kMost), 0U); }

}  // namespace
}  // namespace recorte::service
