/// Parts of many tiles of Rice's code, decoded together: no further than is wanted, from the
/// nearest place where a stream can be entered, and several streams at once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/simd.hpp"
#include "core/fits/quantized.hpp"
#include "core/fits/rice.hpp"
#include "core/fits/seek_points.hpp"
#include "core/fits/source.hpp"
#include "core/fits/tile_table.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recorte::fits {

/// What is wanted of a tile: `rows` runs of `count` pixels, `stride` pixels from one to the next,
/// the first of them at its pixel `first`.
struct RicePart {
  std::int64_t number = 0, pixels = 0;  ///< of the tile, from 0; it has so many
  std::int64_t offset = 0, size = 0;    ///< its bytes, from the file's beginning
  Quantization how;
  std::int64_t first = 0, stride = 0, count = 0, rows = 0;
  std::byte* out = nullptr;  ///< of the first run; null: nothing is written, but places are learned
};

class RiceTiles {
 public:
  /// `row_bytes` from run to run of what is written. Everything is borrowed.
  RiceTiles(const Source& source, const TileTable& table, SeekPoints& points,
            std::int64_t row_bytes, Simd simd = recorte::simd());

  /// Pixels are there after read() only, which add() calls where it holds enough.
  Status add(const RicePart& part);
  /// Decodes all that was added. kData where one is broken: the message names the tile.
  Status read();

 private:
  /// A stretch of a tile's stream, decoded without a leap.
  struct Stretch {
    std::size_t part = 0;
    RiceStream stream;
    std::int64_t pixel = 0, end = 0;  ///< the next, at a multiple of SeekPoints::kStep; the last
    std::int64_t run = 0;             ///< the first that is not yet done
    bool learns = false;              ///< whether places on its way may be new
  };
  struct Lane;
  Status decode();
  Status load();
  void plan(std::size_t part);
  std::int64_t length(const Stretch& stretch) const;
  bool step(std::span<Lane> lanes);
  Status finish(Lane& lane);

  const Source& source_;
  const TileTable& table_;
  SeekPoints& points_;
  std::int64_t row_bytes_;
  RiceCode code_;
  Simd simd_;
  std::vector<RicePart> parts_;
  std::vector<Stretch> stretches_;
  std::vector<std::uint8_t> bytes_;      ///< of the parts, where the file is not mapped
  std::vector<const std::uint8_t*> at_;  ///< of each part
  std::int64_t size_ = 0;
};

}  // namespace recorte::fits
