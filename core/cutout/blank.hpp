/// What stands where an image has no pixels: NaN in floats, BLANK in integers (FITS 4.0, 4.4.2.5).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/image_cache.hpp"
#include "core/plugin/host.hpp"
#include "sdk/include/recorte/abi.h"

#include <cstdint>

namespace recorte::cutout {

/// Fills every pixel: NaN in a float image, `blank` (a stored value) in an integer one.
void fill_blank(recorte_image& image, std::int64_t blank);

/// A stored value that no pixel of `rect` has, for an integer image whose header has no BLANK: the
/// least of a signed type, the greatest of an unsigned one (8 bits, or BZERO at half the range),
/// else the next towards the middle. kData where sixteen such values are all taken.
Result<std::int64_t> choose_blank(const OpenImage& image, const sky::PixelRect& rect,
                                  plugin::Call& call);

}  // namespace recorte::cutout
