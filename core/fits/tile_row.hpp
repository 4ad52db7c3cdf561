/// What the table says of one tile: where its bytes lie, and how its pixels are restored.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/quantized.hpp"
#include "core/fits/source.hpp"
#include "core/fits/tile_table.hpp"

#include <cstdint>
#include <vector>

namespace recorte::fits {

struct TileRow {
  /// As the table says; or what could not be packed so, which is of the image's own type.
  enum class Packed { kAsTable, kGzipped, kPlain };
  Packed packed = Packed::kAsTable;
  std::int64_t offset = 0, size = 0;  ///< bytes, from the file's beginning
  Quantization how;                   ///< of floating-point pixels
};

/// Reads the table some rows at a time, as neighbouring tiles want it.
class TileRows {
 public:
  TileRows(const Source& source, const TileTable& table) : source_(source), table_(table) {}
  /// Of the tile `number` (from 0), which has so many pixels. kData where it is missing, has no
  /// data, or lies outside the file.
  Result<TileRow> row(std::int64_t number, std::int64_t pixels);

 private:
  const Source& source_;
  const TileTable& table_;
  std::vector<std::uint8_t> rows_;
  std::int64_t first_ = 0;
};

}  // namespace recorte::fits
