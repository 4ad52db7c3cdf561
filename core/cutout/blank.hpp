/// What stands where an image has no pixels: NaN in floats, BLANK in integers (FITS 4.0, 4.4.2.5).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/image_cache.hpp"
#include "core/plugin/host.hpp"
#include "sdk/include/recorte/abi.h"

#include <cstdint>
#include <span>

namespace recorte::cutout {

/// Fills every pixel: NaN in a float image, `blank` (a stored value) in an integer one.
void fill_blank(recorte_image& image, std::int64_t blank);
/// The same for columns [from, to) of row y of every plane.
void fill_blank(recorte_image& image, std::int64_t blank, std::int64_t y, std::int64_t from,
                std::int64_t to);

/// How many pixels of the first plane are so.
std::int64_t count_blank(const recorte_image& image, std::int64_t blank);

/// Pixels of one image that go into a product.
struct BlankArea {
  const OpenImage* image;
  sky::PixelRect rect;  ///< inside the image
};

/// A stored value that none of these pixels has, for integer images of one type (at least one)
/// whose header has no BLANK: the least of a signed type, the greatest of an unsigned one (8 bits,
/// or BZERO at half the range), else the next towards the middle. kData where sixteen such values
/// are all taken; kUsage where the images are of different types.
Result<std::int64_t> choose_blank(std::span<const BlankArea> areas, plugin::Call& call);

}  // namespace recorte::cutout
