/// Planes of a picture become the pixels that files of pictures want.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "sdk/include/recorte/abi.h"

#include <cstdint>

namespace recorte::cutout {

/// Row y (from 0) of the first `channels` (1 to 4) planes of 8 bits, pixel by pixel, into as many
/// times `image.width` bytes.
void interleave(const recorte_image& image, std::int64_t y, int channels, std::uint8_t* out);

}  // namespace recorte::cutout
