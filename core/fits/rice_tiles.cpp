// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/rice_tiles.hpp"

#include "core/fits/file.hpp"
#include "core/fits/rice_abreast.hpp"
#include "core/fits/tile_pixels.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace recorte::fits {
namespace {

constexpr std::int64_t kStep = SeekPoints::kStep;
constexpr std::size_t kMostParts = 1024;       // held at once
constexpr std::int64_t kMostBytes = 16 << 20;  // of their streams, but for the last

Error named(std::int64_t tile, Error error) {
  error.message = "tile " + std::to_string(tile + 1) + ": " + error.message;
  return error;
}

}  // namespace

/// A stretch at work, and the pixels of its present step.
struct RiceTiles::Lane {
  Stretch stretch;
  std::int64_t count = 0;  ///< of the step
  alignas(64) std::array<std::int32_t, kStep> pixels;
};

RiceTiles::RiceTiles(const Source& source, const TileTable& table, SeekPoints& points,
                     std::int64_t row_bytes, Simd simd)
    : source_(source),
      table_(table),
      points_(points),
      row_bytes_(row_bytes),
      code_{table.block, table.byte_pix},
      simd_(simd) {}

Status RiceTiles::add(const RicePart& part) {
  parts_.push_back(part);
  size_ += part.size;
  if (parts_.size() < kMostParts && size_ < kMostBytes) return {};
  return read();
}

Status RiceTiles::read() {
  if (parts_.empty()) return {};
  Status out;
  if (const auto* mapped = source_.mapped()) {
    const MappedFile::Glance glance(*mapped);
    std::int64_t end = 0;
    at_.clear();
    for (const auto& part : parts_) {
      at_.push_back(mapped->bytes().data() + part.offset);
      end = std::max(end, part.offset + part.size);
    }
    out = decode();
    RECORTE_TRY(source_.still_holds(end));
  } else {
    RECORTE_TRY(load());
    out = decode();
  }
  parts_.clear();
  size_ = 0;
  return out;
}

/// Streams that lie end to end, as those of neighbouring rows do, are read at once.
Status RiceTiles::load() {
  bytes_.resize(static_cast<std::size_t>(size_) + kRicePadding);
  at_.clear();
  auto* to = bytes_.data();
  for (std::size_t i = 0; i < parts_.size();) {
    const auto begin = parts_[i].offset;
    auto end = begin;
    for (; i < parts_.size() && parts_[i].offset == end; ++i) {
      at_.push_back(to + (end - begin));
      end += parts_[i].size;
    }
    RECORTE_TRY(source_.read(begin, to, end - begin));
    to += end - begin;
  }
  return {};
}

/// Runs that are decoded on the way to the next one make one stretch.
void RiceTiles::plan(std::size_t index) {
  const auto& part = parts_[index];
  const auto* bytes = at_[index];
  const auto size = static_cast<std::size_t>(part.size);
  std::optional<Stretch> open;
  for (std::int64_t run = 0; run < part.rows; ++run) {
    const auto first = part.first + run * part.stride;
    const auto end = first + part.count;
    // Without a nearer place this costs nothing: the stretch goes on.
    auto place = points_.before(part.number, first);
    if (place.point.bit > 8 * std::uint64_t{size}) place = {};
    if (open && place.pixel < open->end) {
      open->end = end;
      continue;
    }
    if (open) stretches_.push_back(*open);
    open = Stretch{index, {}, place.pixel, end, run};
    if (place.pixel == 0) {
      open->stream = rice_stream(bytes, size, code_);
    } else {
      open->stream = {bytes, 8 * std::uint64_t{size}, place.point};
      // In memory, streams lie far apart: by the time this one's turn comes it is there.
      for (std::uint64_t line = 0; line < 256; line += 64)
        __builtin_prefetch(bytes + place.point.bit / 8 + line);
    }
  }
  if (open) stretches_.push_back(*open);
}

Status RiceTiles::decode() {
  stretches_.clear();
  for (std::size_t i = 0; i < parts_.size(); ++i) plan(i);
  std::vector<Lane> lanes;
  const auto abreast = rice_abreast(simd_);
  lanes.reserve(abreast);
  std::size_t next = 0;
  for (;;) {
    while (lanes.size() < abreast && next < stretches_.size())
      lanes.emplace_back().stretch = stretches_[next++];
    if (lanes.empty()) return {};
    if (!step(lanes)) {
      const auto bad = std::ranges::find_if(
          lanes, [](const auto& lane) { return lane.stretch.stream.ends_early(); });
      return fail(named(parts_[bad->stretch.part].number, {ErrorCode::kData, kRiceEndsEarly}));
    }
    for (std::size_t i = 0; i < lanes.size();) {
      auto& stretch = lanes[i].stretch;
      if (auto done = finish(stretch, lanes[i].pixels.data(), lanes[i].count); !done)
        return fail(named(parts_[stretch.part].number, std::move(done).error()));
      if (stretch.pixel < stretch.end) {
        ++i;
        continue;
      }
      if (i + 1 < lanes.size()) lanes[i] = lanes.back();
      lanes.pop_back();
    }
  }
}

/// One step of every lane. False where a stream ends early.
bool RiceTiles::step(std::vector<Lane>& lanes) {
  std::array<RiceLane, kRiceEight> streams;
  auto shortest = kStep;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    auto& lane = lanes[i];
    // Whole blocks, of which the lanes need not leave a part to others.
    const auto wanted = lane.stretch.end - lane.stretch.pixel + code_.block - 1;
    lane.count = std::min({kStep, wanted / code_.block * code_.block,
                           parts_[lane.stretch.part].pixels - lane.stretch.pixel});
    shortest = std::min(shortest, lane.count);
    streams[i] = {&lane.stretch.stream, lane.pixels.data()};
  }
  const auto together = shortest / code_.block * code_.block;
  bool good = unpack_rice_abreast(std::span(streams).first(lanes.size()), code_, together, simd_);
  for (auto& lane : lanes)
    good &= unpack_rice(lane.stretch.stream, code_, lane.pixels.data() + together,
                        lane.count - together, simd_);
  return good;
}

/// Writes what is wanted of the pixels just decoded, and remembers where they end.
Status RiceTiles::finish(Stretch& stretch, const std::int32_t* pixels, std::int64_t count) {
  const auto& part = parts_[stretch.part];
  const auto begin = stretch.pixel, end = std::min(begin + count, stretch.end);
  const auto size = bytes_of(table_.bitpix);
  for (; stretch.run < part.rows; ++stretch.run) {
    const auto first = part.first + stretch.run * part.stride;
    const auto low = std::max(first, begin), high = std::min(first + part.count, end);
    if (low < high && part.out)
      RECORTE_TRY(finish_pixels(table_, part.how,
                                {pixels + (low - begin), static_cast<std::size_t>(high - low)}, low,
                                part.out + stretch.run * row_bytes_ + (low - first) * size));
    if (first + part.count > end) break;
  }
  stretch.pixel = begin + count;
  if (count == kStep && stretch.pixel < part.pixels)
    points_.learn(part.number, stretch.pixel, stretch.stream.at);
  return {};
}

}  // namespace recorte::fits
