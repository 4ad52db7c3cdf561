/// Compares StencilRows with asking the region for every pixel.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/stencil_rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace recorte::sky::test {

/// Row by row, 1 for a pixel inside, by asking the region for each.
inline std::vector<char> brute(const Stencil& stencil, const Wcs& wcs, const PixelRect& rect) {
  std::vector<double> xy;
  for (auto y = rect.y; y < rect.y + rect.height; ++y)
    for (auto x = rect.x; x < rect.x + rect.width; ++x) {
      xy.push_back(static_cast<double>(x));
      xy.push_back(static_cast<double>(y));
    }
  std::vector<double> radec(xy.size());
  wcs.to_sky(xy, radec);
  std::vector<char> out;
  for (std::size_t i = 0; i < radec.size(); i += 2)
    out.push_back(!std::isnan(radec[i]) && contains(stencil, to_vector({radec[i], radec[i + 1]})));
  return out;
}

inline std::vector<char> painted(const StencilRows& rows, const PixelRect& rect) {
  std::vector<char> out(static_cast<std::size_t>(rect.area()));
  for (std::int64_t y = 0; y < rect.height; ++y) {
    std::int64_t last = rect.x - 1;
    for (const auto& [begin, end] : rows.row(rect.y + y)) {
      EXPECT_GT(begin, last) << "spans touch or are out of order in row " << y;
      EXPECT_LT(begin, end);
      EXPECT_LE(end, rect.x + rect.width);
      for (auto x = begin; x < end; ++x) out[y * rect.width + x - rect.x] = 1;
      last = end;
    }
  }
  return out;
}

/// The pixels inside.
inline std::int64_t expect_exact(const Stencil& stencil, const Wcs& wcs, const PixelRect& rect) {
  SCOPED_TRACE("stencil " + std::to_string(stencil.index()) + ": " + stencil_numbers(stencil) +
               " on " + std::to_string(rect.x) + " " + std::to_string(rect.y) + " " +
               std::to_string(rect.width) + " " + std::to_string(rect.height));
  const auto rows = StencilRows::make(stencil, wcs, rect);
  const auto expected = brute(stencil, wcs, rect);
  const auto found = painted(rows, rect);
  std::int64_t wrong = 0, inside = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    wrong += expected[i] != found[i];
    inside += expected[i];
  }
  EXPECT_EQ(wrong, 0) << "of " << inside << " pixels inside";
  EXPECT_EQ(rows.whole(), inside == rect.area());
  EXPECT_TRUE(rows.row(rect.y - 1).empty());
  EXPECT_TRUE(rows.row(rect.y + rect.height).empty());
  return inside;
}

}  // namespace recorte::sky::test
