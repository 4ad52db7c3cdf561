/// One tile of a compressed image, from its bytes to its pixels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/tile_gzip.hpp"
#include "core/fits/tile_row.hpp"
#include "core/fits/tile_table.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace recorte::fits {

/// A tile that was unpacked whole, as its code leaves it: what is left to be done costs a pixel so
/// little that it is done for those that are wanted.
struct UnpackedTile {
  enum class Form {
    kPixels,    ///< of the image's type, in the machine's order
    kSamples,   ///< big-endian, of `sample` bytes each
    kShuffled,  ///< … all first bytes of them, then all second ones …
  };
  Form form = Form::kPixels;
  RawBytes bytes;
  int sample = 0;
  bool levels = false;  ///< of samples: integers that become pixels by finish_pixels()
  Quantization how;
};

/// The tile of `bytes`, which has so many pixels. Not of Rice's code. kData where it is broken.
Result<UnpackedTile> unpack_tile(const TileTable& table, const TileRow& row,
                                 std::span<const std::uint8_t> bytes, std::int64_t pixels,
                                 TileGunzip& gunzip);

/// Its pixels `first` to `first + count`, as stored, in the machine's byte order. kData where one
/// does not fit the image's type.
Status take_pixels(const TileTable& table, const UnpackedTile& tile, std::int64_t first,
                   std::int64_t count, std::byte* out);

/// The integers of a tile's pixels from `first` on, to pixels of the image: restored floats, or
/// integers, narrowed. kData where one does not fit.
Status finish_pixels(const TileTable& table, const Quantization& how,
                     std::span<const std::int32_t> integers, std::int64_t first, std::byte* out);

}  // namespace recorte::fits
