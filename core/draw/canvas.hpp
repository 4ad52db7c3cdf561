/// Where a mark is drawn before it is finished: the coverage by ink of the pixels of one box. What
/// falls outside the box is not drawn.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/draw/mark.hpp"

#include <cstdint>
#include <vector>

namespace recorte::draw {

struct Point {
  double x = 0, y = 0;
};

class Canvas {
 public:
  explicit Canvas(const Box& box);
  /// At least this coverage, 0 to 255, of one pixel.
  void ink(std::int64_t x, std::int64_t y, std::uint8_t coverage);
  /// A line with round ends, anti-aliased, twice `half_width` pixels wide.
  void segment(Point from, Point to, double half_width);
  /// The ink, surrounded by a halo `halo` pixels wide.
  Mark finish(double halo) const;

 private:
  Box box_;
  std::vector<std::uint8_t> ink_;
};

}  // namespace recorte::draw
