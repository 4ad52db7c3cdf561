// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/rice_tiles.hpp"

#include "core/fits/file.hpp"
#include "core/fits/rice_abreast.hpp"
#include "core/fits/tile_pixels.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

namespace recorte::fits {
namespace {

constexpr std::int64_t kStep = SeekPoints::kStep;
constexpr std::int64_t kMostPixels = 512;  // of a stream, decoded in one go
constexpr std::size_t kUsualParts = 256;
constexpr std::size_t kMostParts = 1024;       // held at once
constexpr std::int64_t kMostBytes = 16 << 20;  // of their streams, but for the last

Error named(std::int64_t tile, Error error) {
  error.message = "tile " + std::to_string(tile + 1) + ": " + error.message;
  return error;
}

}  // namespace

/// A stretch at work, and the pixels decoded last.
struct RiceTiles::Lane {
  Stretch stretch;
  std::int64_t count = 0;
  alignas(64) std::array<std::int32_t, kMostPixels> pixels;
};

RiceTiles::RiceTiles(const Source& source, const TileTable& table, SeekPoints& points,
                     std::int64_t row_bytes, Simd simd)
    : source_(source),
      table_(table),
      points_(points),
      row_bytes_(row_bytes),
      code_{table.block, table.byte_pix},
      simd_(simd) {
  parts_.reserve(kUsualParts);
  stretches_.reserve(kUsualParts);
}

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
    open = Stretch{index, {}, place.pixel, end, run, !place.of_file};
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
  std::array<Lane, kRiceEights> all;
  const auto abreast = rice_abreast(simd_);
  std::size_t busy = 0, next = 0;
  for (;;) {
    for (; busy < abreast && next < stretches_.size(); ++busy)
      all[busy].stretch = stretches_[next++];
    if (busy == 0) return {};
    const std::span lanes(all.data(), busy);
    if (!step(lanes)) {
      const auto bad = std::ranges::find_if(
          lanes, [](const auto& lane) { return lane.stretch.stream.ends_early(); });
      return fail(named(parts_[bad->stretch.part].number, {ErrorCode::kData, kRiceEndsEarly}));
    }
    for (auto& lane : lanes)
      if (auto done = finish(lane); !done)
        return fail(named(parts_[lane.stretch.part].number, std::move(done).error()));
    for (std::size_t i = 0; i < busy;) {
      if (all[i].stretch.pixel < all[i].stretch.end)
        ++i;
      else
        all[i].stretch = all[--busy].stretch;
    }
  }
}

/// How many pixels a stretch is decoded on: whole blocks, of which a lane need not leave a part to
/// others, up to the next place that is to be learned.
std::int64_t RiceTiles::length(const Stretch& stretch) const {
  const auto& part = parts_[stretch.part];
  const auto wanted = (stretch.end - stretch.pixel + code_.block - 1) / code_.block * code_.block;
  const auto most = std::min({kMostPixels, wanted, part.pixels - stretch.pixel});
  if (!stretch.learns) return most;
  auto count = kStep;
  while (count < most && !points_.lacks(part.number, stretch.pixel + count)) count += kStep;
  return std::min(count, most);
}

/// Decodes every lane on. False where a stream ends early.
bool RiceTiles::step(std::span<Lane> lanes) {
  std::array<RiceLane, kRiceEights> streams;
  auto shortest = kMostPixels;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    auto& lane = lanes[i];
    lane.count = length(lane.stretch);
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
Status RiceTiles::finish(Lane& lane) {
  auto& stretch = lane.stretch;
  const auto* pixels = lane.pixels.data();
  const auto& part = parts_[stretch.part];
  const auto begin = stretch.pixel, end = std::min(begin + lane.count, stretch.end);
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
  stretch.pixel = begin + lane.count;
  if (stretch.learns && stretch.pixel % kStep == 0 && stretch.pixel < part.pixels)
    points_.learn(part.number, stretch.pixel, stretch.stream.at);
  return {};
}

}  // namespace recorte::fits
