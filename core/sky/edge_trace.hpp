/// Follows a region's edge over an image and finds the pixels it touches: bisecting each arc, but
/// only where a piece could still widen the rectangle found so far.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/pixel_rect.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <cstdint>
#include <span>

namespace recorte::sky {

/// Part of the pixel plane, edges included. Pixel (i, j) is the closed square around (i, j).
struct Area {
  double x_min, x_max, y_min, y_max;

  static Area of_image(std::int64_t width, std::int64_t height) {
    return {-0.5, static_cast<double>(width) - 0.5, -0.5, static_cast<double>(height) - 0.5};
  }
  bool holds(double x, double y) const {
    return x >= x_min && x <= x_max && y >= y_min && y <= y_max;
  }
};

/// The smallest rectangle of an area's pixels whose closed squares hold the points added.
class Touched {
 public:
  explicit Touched(const Area& area);
  /// Does nothing outside the area.
  void add(double x, double y);
  /// Whether the pixels of a part of the area are all there already.
  bool covers(const Area& part) const;
  PixelRect rect() const;
  bool empty() const { return x_min_ > x_max_; }

 private:
  Area area_;
  double first_x_, last_x_, first_y_, last_y_;  ///< pixels of the area
  double x_min_, x_max_, y_min_, y_max_;        ///< pixels touched
};

struct Trace {
  bool left_area = false;  ///< part of the edge is outside the area
  bool broken = false;     ///< part of the edge has no pixel, or seems to jump
};

/// Adds the pixels under the edge to `touched`. Arcs farther from the sky than `reach` are not
/// looked at: it must hold the area's sky.
Trace trace_edge(std::span<const Arc> arcs, const Wcs& wcs, const Area& area, const Cap& reach,
                 Touched& touched);

}  // namespace recorte::sky
