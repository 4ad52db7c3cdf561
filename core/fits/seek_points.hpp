/// Where the streams of an image's tiles of Rice's code can be entered: every kStep pixels the bit
/// and the pixel before it. Known from a file, or learned whenever a stream is decoded so far,
/// within a bound.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/rice.hpp"
#include "core/fits/seek_file.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace recorte::fits {

class SeekPoints {
 public:
  static constexpr std::int64_t kStep = 128;  ///< pixels; a multiple of Rice's blocks

  /// Learns at most so many bytes; then it forgets all, and begins again.
  explicit SeekPoints(std::int64_t limit, std::shared_ptr<const SeekFile> file = nullptr)
      : limit_(limit), file_(std::move(file)) {}

  struct Place {
    std::int64_t pixel = 0;  ///< a multiple of kStep; 0: the beginning, which has no point
    RicePoint point;
    bool of_file = false;  ///< then none after it is learned
  };
  /// The last that is known at or before a pixel of a tile (both from 0).
  Place before(std::int64_t tile, std::int64_t pixel) const;
  /// Whether learn() would add a pixel's place to what is known.
  bool lacks(std::int64_t tile, std::int64_t pixel) const;
  /// To be told of the multiples of kStep in their order; others are left alone.
  void learn(std::int64_t tile, std::int64_t pixel, const RicePoint& point);

  /// What was learned of a tile, from kStep on.
  std::span<const SeekEntry> learned(std::int64_t tile) const;

 private:
  std::int64_t limit_, bytes_ = 0;
  std::shared_ptr<const SeekFile> file_;
  std::unordered_map<std::int64_t, std::vector<SeekEntry>> learned_;
};

}  // namespace recorte::fits
