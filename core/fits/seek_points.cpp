// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/seek_points.hpp"

#include <algorithm>
#include <limits>

namespace recorte::fits {
namespace {

constexpr std::int64_t kTileBytes = 96;  // of a tile without points, in the map

}  // namespace

SeekPoints::Place SeekPoints::before(std::int64_t tile, std::int64_t pixel) const {
  auto steps = pixel / kStep;
  if (file_ && steps > 0)
    if (const auto entry = file_->entry(tile, steps - 1); entry.bit != 0)
      return {steps * kStep, {entry.bit, entry.last}, true};
  const auto known = learned(tile);
  steps = std::min(steps, std::ssize(known));
  if (steps == 0) return {};
  const auto& entry = known[static_cast<std::size_t>(steps - 1)];
  return {steps * kStep, {entry.bit, entry.last}, false};
}

std::span<const SeekEntry> SeekPoints::learned(std::int64_t tile) const {
  const auto known = learned_.find(tile);
  if (known == learned_.end()) return {};
  return known->second;
}

bool SeekPoints::lacks(std::int64_t tile, std::int64_t pixel) const {
  if (pixel % kStep != 0) return false;
  if (file_ && file_->entry(tile, pixel / kStep - 1).bit != 0) return false;
  return std::ssize(learned(tile)) + 1 == pixel / kStep;
}

void SeekPoints::learn(std::int64_t tile, std::int64_t pixel, const RicePoint& point) {
  // Half a gigabyte into a stream, points are no longer kept.
  if (!lacks(tile, pixel) || point.bit > std::numeric_limits<std::uint32_t>::max()) return;
  if (bytes_ + kTileBytes > limit_) {
    learned_.clear();
    bytes_ = 0;
    if (pixel != kStep) return;
  }
  const auto [at, added] = learned_.try_emplace(tile);
  if (added) bytes_ += kTileBytes;
  at->second.push_back({static_cast<std::uint32_t>(point.bit), point.last});
  bytes_ += static_cast<std::int64_t>(sizeof(SeekEntry));
}

}  // namespace recorte::fits
