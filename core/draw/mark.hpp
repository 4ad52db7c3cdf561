/// A finished mark: a small bitmap of light ink in a dark halo, in its place on the picture.
/// Coordinates here and in all of core/draw are picture pixels from the top left, y down, pixel
/// centres at integers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace recorte::draw {

/// The pixels x0 <= x < x1, y0 <= y < y1.
struct Box {
  std::int64_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;

  std::int64_t width() const { return x1 - x0; }
  std::int64_t height() const { return y1 - y0; }
  bool empty() const { return x0 >= x1 || y0 >= y1; }
  bool contains(std::int64_t x, std::int64_t y) const {
    return x >= x0 && x < x1 && y >= y0 && y < y1;
  }
};

/// What both have in common.
Box intersection(const Box& a, const Box& b);

struct Mark {
  struct Pixel {
    std::uint8_t shade = 0;     ///< 0 halo … 255 ink
    std::uint8_t coverage = 0;  ///< 0 clear … 255 opaque
  };
  Box box;
  std::vector<Pixel> pixels;  ///< of the box, row by row

  /// Onto row y of a picture that the box lies within: interleaved, 1 grey, 2 grey and alpha,
  /// 3 RGB, 4 RGB and alpha; alpha is not premultiplied.
  void blend(std::uint8_t* row, int channels, std::int64_t y) const;
};

}  // namespace recorte::draw
