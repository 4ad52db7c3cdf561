/// Where the streams of an image's tiles of Rice's code can be entered: every kStep pixels the bit
/// and the pixel before it. Learned whenever a stream is decoded so far, within a bound.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/rice.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace recorte::fits {

class SeekPoints {
 public:
  static constexpr std::int64_t kStep = 256;  ///< pixels; a multiple of Rice's blocks

  /// Learns at most so many bytes; then it forgets all, and begins again.
  explicit SeekPoints(std::int64_t limit) : limit_(limit) {}

  struct Place {
    std::int64_t pixel = 0;  ///< a multiple of kStep; 0: the beginning, which has no point
    RicePoint point;
  };
  /// The last that is known at or before a pixel of a tile (both from 0).
  Place before(std::int64_t tile, std::int64_t pixel) const;
  /// To be told of the multiples of kStep in their order; others are left alone.
  void learn(std::int64_t tile, std::int64_t pixel, const RicePoint& point);

 private:
  struct Kept {
    std::uint32_t bit, last;
  };
  std::int64_t limit_, bytes_ = 0;
  std::unordered_map<std::int64_t, std::vector<Kept>> learned_;  // of each tile, from kStep on
};

}  // namespace recorte::fits
