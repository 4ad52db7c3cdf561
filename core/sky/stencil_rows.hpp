/// Which pixels of a rectangle lie in a region, row by row: what a cutout keeps when it blanks the
/// pixels outside its stencil. A pixel lies in the region when its centre does.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/pixel_rect.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recorte::sky {

class RowToggles;

class StencilRows {
 public:
  /// Columns of the image, half open.
  struct Span {
    std::int64_t begin, end;
    bool operator==(const Span&) const = default;
  };

  /// The pixels of `rect` on `wcs` whose centres lie in the closed region; one without sky lies
  /// outside. Circle, polygon, range; not a box (std::invalid_argument). Takes some hundred
  /// positions where the region's edge can be followed over the rectangle, and up to one a pixel
  /// where it cannot (projections with seams, the border of an all-sky map).
  static StencilRows make(const Stencil& stencil, const Wcs& wcs, const PixelRect& rect);

  /// Of row y of the image: the spans inside, ascending and apart. None outside the rectangle.
  std::span<const Span> row(std::int64_t y) const;
  /// Every pixel lies inside: nothing to blank.
  bool whole() const { return whole_; }

 private:
  StencilRows(const RowToggles& toggles, const PixelRect& rect);

  std::int64_t first_ = 0;          ///< row of the image
  std::vector<std::size_t> begin_;  ///< of each row's spans, and one more for the end of the last
  std::vector<Span> spans_;
  bool whole_ = false;
};

}  // namespace recorte::sky
