/// Pixels of one tile-compressed image, unpacked. Holds the tiles last unpacked, some megabytes or
/// one tile, so that a neighbourhood costs each of them once. Used by one thread at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/source.hpp"
#include "core/fits/tile_table.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace recorte::fits {

class TileReader {
 public:
  explicit TileReader(TileTable table) : table_(std::move(table)) {}

  /// Stored pixels of `rows` rows of `width` pixels from `corner` on (from 0, one number an axis),
  /// packed, in the machine's byte order, unscaled; nulls of quantised floats are NaN. kData where
  /// a tile is missing or broken; messages name the tile, not the file.
  Status read(const Source& source, const std::vector<std::int64_t>& corner, std::int64_t width,
              std::int64_t rows, std::byte* out);

 private:
  struct Held {
    std::vector<std::byte> pixels;
    std::uint64_t used = 0;
  };
  /// Where a tile lies in the image, cut off at the image's far sides.
  struct Box {
    std::int64_t number = 0;
    std::vector<std::int64_t> begin, length;
  };
  Box box_at(const std::vector<std::int64_t>& corner, std::int64_t x, std::int64_t y) const;
  Result<const std::byte*> pixels_of(const Source& source, const Box& box);
  void make_room(std::int64_t bytes);

  TileTable table_;
  std::map<std::int64_t, Held> held_;
  std::int64_t held_bytes_ = 0, allowed_ = 0;
  std::uint64_t clock_ = 0;
};

}  // namespace recorte::fits
