/// Where sky becomes pixels: which rectangle of an image a stencil selects.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/sky/pixel_rect.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <cstdint>

namespace recorte::sky {

struct Selection {
  /// For a circle, polygon or range: the smallest rectangle of the image's pixels that the region
  /// touches (a pixel is touched when its closed square meets the closed region); empty when none.
  /// For a box: exactly round(size / scale) pixels on each axis (at least 1), its middle within
  /// half a pixel of the position; it may leave the image, and is empty when it lies wholly
  /// outside.
  PixelRect rect;
  /// The fraction of the stencil, in pixels of its bounding rectangle, that lies on the image: [0,
  /// 1].
  double coverage = 0;
};

/// The selection of `stencil` on an image of `width` × `height` pixels. kTooLarge where a box would
/// exceed 2^31 pixels an axis.
Result<Selection> select(const Stencil& stencil, const Wcs& wcs, std::int64_t width,
                         std::int64_t height);

/// The rectangle of pixels that `stencil` selects on a grid without end. kTooLarge where the region
/// is too large to be told by its edge alone (above 45 degrees in radius, or over the grid's own
/// border), or a box as above; kUsage where it has no place on the grid.
Result<PixelRect> select_on_grid(const Stencil& stencil, const Wcs& wcs);

}  // namespace recorte::sky
