/// One tile of a compressed image, from the bytes in the file to its pixels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/source.hpp"
#include "core/fits/tile_table.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace recorte::fits {

/// The `pixels` pixels of the tile `number` (from 0), as stored, in the machine's byte order. kData
/// where the tile is missing, lies outside the file, or is broken: messages say which tile.
Result<std::vector<std::byte>> tile_pixels(const Source& source, const TileTable& table,
                                           std::int64_t number, std::int64_t pixels);

}  // namespace recorte::fits
