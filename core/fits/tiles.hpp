/// Pixels of one tile-compressed image, unpacked. Of Rice's code only what is wanted is decoded; of
/// other codes the tiles last unpacked are held, some megabytes or one row of them, so that a
/// neighbourhood costs each of them once. Used by one thread at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/file.hpp"
#include "core/fits/seek_points.hpp"
#include "core/fits/source.hpp"
#include "core/fits/tile_gzip.hpp"
#include "core/fits/tile_pixels.hpp"
#include "core/fits/tile_row.hpp"
#include "core/fits/tile_table.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace recorte::fits {

class TileReader {
 public:
  TileReader(TileTable table, const OpenOptions& options, SeekPoints points,
             Simd simd = recorte::simd())
      : table_(std::move(table)), options_(options), points_(std::move(points)), simd_(simd) {}

  /// Stored pixels of `rows` rows of `width` pixels from `corner` on (from 0, one number an axis),
  /// `row_bytes` from row to row, in the machine's byte order, unscaled; nulls of quantised floats
  /// are NaN. kData where a tile is missing or broken; messages name the tile, not the file.
  Status read(const Source& source, const std::vector<std::int64_t>& corner, std::int64_t width,
              std::int64_t rows, std::byte* out, std::int64_t row_bytes);
  TileCounts counts() const { return counts_; }
  /// Bytes of unpacked tiles.
  std::int64_t held_bytes() const { return held_bytes_; }

 private:
  struct Held {
    UnpackedTile tile;
    std::uint64_t used = 0;
  };
  /// Where a tile lies in the image, cut off at the image's far sides.
  struct Box {
    std::int64_t number = 0;
    std::vector<std::int64_t> begin, length;
  };
  void find_box(const std::vector<std::int64_t>& corner, std::int64_t x, std::int64_t y,
                Box& box) const;
  Result<const UnpackedTile*> unpacked(const Source& source, const TileRow& row,
                                       std::int64_t number, std::int64_t pixels);
  Result<UnpackedTile> unpack(const Source& source, const TileRow& row, std::int64_t pixels);
  const UnpackedTile* held(std::int64_t number);
  /// Has a file elsewhere send the tiles of a read together.
  void expect(const Source& source, const std::vector<std::int64_t>& corner, std::int64_t width,
              std::int64_t rows, TileRows& table_rows) const;
  void make_room(std::int64_t bytes);

  TileTable table_;
  OpenOptions options_;
  SeekPoints points_;
  Simd simd_;
  TileGunzip gunzip_;
  std::map<std::int64_t, Held> held_;
  std::int64_t held_bytes_ = 0, allowed_ = 0;
  std::uint64_t clock_ = 0;
  TileCounts counts_;
};

}  // namespace recorte::fits
