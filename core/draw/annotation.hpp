/// What may be written on a picture for people: a caption, a scale bar, a compass, a crosshair. The
/// picture is made row by row from the top and never held whole: the marks are drawn once, small,
/// and blended onto each row as it passes. They are light with a dark outline, to be read on any
/// sky.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/draw/mark.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace recorte::draw {

/// Pixels are those of the picture, from the top left, y down, pixel centres at integers.
struct Annotation {
  std::string caption;  ///< UTF-8, lines parted by newlines; "" is none
  bool scale_bar = false;
  bool compass = false;
  bool crosshair = false;
  double pixel_scale = 0;  ///< degrees a pixel, for the bar
  /// Where north and east are, for the compass; of any length.
  double north_x = 0, north_y = 0, east_x = 0, east_y = 0;
  double target_x = 0, target_y = 0;  ///< what was asked for, for the crosshair
};

class Overlay {
 public:
  /// A mark for which the picture is too small, or whose numbers mean nothing (no scale, no
  /// direction, a target elsewhere), is left out. kUnavailable where the font is missing.
  static Result<Overlay> make(const Annotation& annotation, std::int64_t width,
                              std::int64_t height);
  /// Onto row y of the picture, `width` pixels, interleaved: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB
  /// and alpha (not premultiplied). Opaque where a mark is. Rows may come in any order, from any
  /// thread.
  void blend(std::uint8_t* row, int channels, std::int64_t y) const;

 private:
  explicit Overlay(std::vector<Mark> marks) : marks_(std::move(marks)) {}
  std::vector<Mark> marks_;
};

}  // namespace recorte::draw
