// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/sky_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace recorte::batch {
namespace {

TEST(SkyOrder, TheCurveGoesThroughEachCellOnceFromNeighbourToNeighbour) {
  constexpr unsigned kOrder = 5;
  constexpr int kSide = 1 << kOrder;
  std::vector<std::pair<int, int>> cells(kSide * kSide, {-9, -9});
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const auto at =
          hilbert_index(kOrder, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y));
      ASSERT_LT(at, cells.size());
      cells[at] = {x, y};
    }
  for (std::size_t i = 1; i < cells.size(); ++i)
    EXPECT_EQ(std::abs(cells[i].first - cells[i - 1].first) +
                  std::abs(cells[i].second - cells[i - 1].second),
              1);
}

TEST(SkyOrder, SurveysStayTogetherAndACellGoesUpInDeclination) {
  SkyOrder order;
  order.add("a", {10.1, 0.9});
  order.add("b", {10.2, 0.1});
  order.add("a", {200, -70});
  order.add("a", {10.7, 0.2});
  order.add("a", {10.3, 0.2});
  const auto sorted = order.sorted();
  ASSERT_EQ(sorted.size(), 5U);
  EXPECT_EQ(sorted.back(), 1U);
  const auto at = std::ranges::find(sorted, 4U);
  ASSERT_LE(at - sorted.begin(), 1);
  EXPECT_EQ(at[1], 3U);
  EXPECT_EQ(at[2], 0U);
}

TEST(SkyOrder, TheWholeSkyHasItsPlace) {
  SkyOrder order;
  for (const double dec : {-90.0, -89.999, 0.0, 89.999, 90.0})
    for (const double ra : {0.0, 180.0, 359.999, 360.0}) order.add("a", {ra, dec});
  auto sorted = order.sorted();
  std::ranges::sort(sorted);
  ASSERT_EQ(sorted.size(), 20U);
  for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(sorted[i], i);
}

}  // namespace
}  // namespace recorte::batch
