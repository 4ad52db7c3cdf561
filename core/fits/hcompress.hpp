/// HCOMPRESS tiles (White, Postman and Lattanzi 1992; FITS Standard 4.0, section 10.4.4): bit
/// planes of H-transform coefficients, coded as quadtrees.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace recorte::fits {

/// The `pixels` pixels of one tile, row by row. kData where the bytes are of another tile, end
/// early, or make no sense.
Result<std::vector<std::int64_t>> unpack_hcompress(std::span<const std::uint8_t> bytes,
                                                   std::int64_t pixels, bool smooth);

}  // namespace recorte::fits
