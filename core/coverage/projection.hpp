/// How the sky lies on the picture of a coverage: the whole of it (Hammer's equal-area ellipse), or
/// the part around a place (Lambert's zenithal equal-area). East is left. Pixels count from the top
/// left, y down, centres at integers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/draw/canvas.hpp"
#include "core/sky/vector.hpp"

#include <cstdint>
#include <optional>

namespace recorte::coverage {

class Projection {
 public:
  /// All of it, `longitude` (degrees) in the middle, in `width` by width / 2 pixels.
  static Projection whole(double longitude, std::int64_t width);
  /// The cap in the middle of `side` by `side` pixels.
  static Projection part(const sky::Cap& cap, std::int64_t side);

  std::int64_t width() const { return width_; }
  std::int64_t height() const { return height_; }
  bool is_whole() const { return whole_; }
  /// The circle around the middle that reaches the corners, degrees; the whole sky 180.
  const sky::Cap& shown() const { return shown_; }
  /// nullopt off the sky.
  std::optional<sky::Vector> sky_at(draw::Point pixel) const;
  /// nullopt where it is not shown.
  std::optional<draw::Point> pixel_of(const sky::Vector& direction) const;

 private:
  Projection() = default;
  std::int64_t width_ = 0, height_ = 0;
  bool whole_ = false;
  double scale_ = 1;  ///< pixels for a unit of the plane
  sky::Cap shown_;
  sky::Vector ahead_{}, east_{}, north_{};  ///< of the middle
};

}  // namespace recorte::coverage
