// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tiles.hpp"

#include "core/fits/rice_tiles.hpp"

#include <algorithm>
#include <string>

namespace recorte::fits {
namespace {

std::int64_t product(const std::vector<std::int64_t>& lengths) {
  std::int64_t out = 1;
  for (const auto n : lengths) out *= n;
  return out;
}

Error named(std::int64_t tile, Error error) {
  error.message = "tile " + std::to_string(tile + 1) + ": " + error.message;
  return error;
}

std::int64_t held_size(const UnpackedTile& tile) {
  return static_cast<std::int64_t>(tile.bytes.capacity());
}

}  // namespace

void TileReader::find_box(const std::vector<std::int64_t>& corner, std::int64_t x, std::int64_t y,
                          Box& box) const {
  box.number = 0;
  box.begin.clear();
  box.length.clear();
  std::int64_t across = 1;
  for (std::size_t i = 0; i < table_.axes.size(); ++i) {
    const auto place = i == 0 ? x : i == 1 ? y : corner[i];
    const auto tile = table_.tile[i];
    const auto index = place / tile;
    box.number += index * across;
    across *= (table_.axes[i] - 1) / tile + 1;
    box.begin.push_back(index * tile);
    box.length.push_back(std::min(tile, table_.axes[i] - index * tile));
  }
}

void TileReader::make_room(std::int64_t bytes) {
  while (!held_.empty() && held_bytes_ + bytes > allowed_) {
    const auto oldest =
        std::ranges::min_element(held_, {}, [](const auto& tile) { return tile.second.used; });
    held_bytes_ -= held_size(oldest->second.tile);
    held_.erase(oldest);
  }
}

const UnpackedTile* TileReader::held(std::int64_t number) {
  const auto known = held_.find(number);
  if (known == held_.end()) return nullptr;
  known->second.used = ++clock_;
  ++counts_.hits;
  return &known->second.tile;
}

Result<UnpackedTile> TileReader::unpack(const Source& source, const TileRow& row,
                                        std::int64_t pixels) {
  using Code = TileTable::Code;
  const bool gzip = row.packed == TileRow::Packed::kGzipped ||
                    (row.packed == TileRow::Packed::kAsTable &&
                     (table_.code == Code::kGzip || table_.code == Code::kShuffledGzip));
  // Inflating takes each byte once, so that bytes that change meanwhile do it no harm. The other
  // decoders look twice at some.
  if (const auto* mapped = source.mapped(); mapped && gzip) {
    const MappedFile::Glance glance(*mapped);
    const auto bytes = mapped->bytes().subspan(static_cast<std::size_t>(row.offset),
                                               static_cast<std::size_t>(row.size));
    auto out = unpack_tile(table_, row, bytes, pixels, gunzip_);
    RECORTE_TRY(source.still_holds(row.offset + row.size));
    return out;
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(row.size));
  RECORTE_TRY(source.read(row.offset, bytes.data(), row.size));
  return unpack_tile(table_, row, bytes, pixels, gunzip_);
}

Result<const UnpackedTile*> TileReader::unpacked(const Source& source, const TileRow& row,
                                                 std::int64_t number, std::int64_t pixels) {
  ++counts_.misses;
  auto tile = unpack(source, row, pixels);
  if (!tile) return fail(std::move(tile).error());
  make_room(held_size(*tile));
  held_bytes_ += held_size(*tile);
  auto& held = held_[number];
  held = {std::move(*tile), ++clock_};
  return &held.tile;
}

/// A tile whose row is broken is for whoever reads it to complain of.
void TileReader::expect(const Source& source, const std::vector<std::int64_t>& corner,
                        std::int64_t width, std::int64_t rows, TileRows& table_rows) const {
  std::vector<Extent> extents;
  Box box;
  for (auto y = corner[1]; y < corner[1] + rows; y = box.begin[1] + box.length[1])
    for (auto x = corner[0]; x < corner[0] + width; x = box.begin[0] + box.length[0]) {
      find_box(corner, x, y, box);
      if (held_.contains(box.number)) continue;
      if (const auto row = table_rows.row(box.number, product(box.length)))
        extents.push_back({row->offset, row->size});
    }
  source.expect(extents);
}

Status TileReader::read(const Source& source, const std::vector<std::int64_t>& corner,
                        std::int64_t width, std::int64_t rows, std::byte* out,
                        std::int64_t row_bytes) {
  const auto size = bytes_of(table_.bitpix);
  const auto right = corner[0] + width, top = corner[1] + rows;
  // Of tiles that lie side by side, all: those of the next rows are the same.
  const auto abreast = (right - 1) / table_.tile[0] - corner[0] / table_.tile[0] + 1;
  allowed_ = std::max(options_.decoded_tiles, abreast * product(table_.tile) * size);
  TileRows table_rows(source, table_);
  if (source.remote()) expect(source, corner, width, rows, table_rows);
  RiceTiles rice(source, table_, points_, row_bytes, simd_);
  Box box;
  for (auto y = corner[1]; y < top;) {
    const auto end = std::min(top, (y / table_.tile[1] + 1) * table_.tile[1]);
    for (auto x = corner[0]; x < right;) {
      find_box(corner, x, y, box);
      std::int64_t plane = 0;  // within the tile
      for (auto i = box.length.size(); i-- > 2;)
        plane = plane * box.length[i] + corner[i] - box.begin[i];
      const auto count = std::min(right, box.begin[0] + box.length[0]) - x;
      const auto first =
          (plane * box.length[1] + y - box.begin[1]) * box.length[0] + x - box.begin[0];
      auto* to = out + (y - corner[1]) * row_bytes + (x - corner[0]) * size;
      x += count;

      const auto pixels = product(box.length);
      const auto* tile = held(box.number);
      if (!tile) {
        const auto row = table_rows.row(box.number, pixels);
        if (!row) return fail(named(box.number, row.error()));
        if (table_.code == TileTable::Code::kRice && row->packed == TileRow::Packed::kAsTable) {
          RECORTE_TRY(rice.add({box.number, pixels, row->offset, row->size, row->how, first,
                                box.length[0], count, end - y, to}));
          continue;
        }
        const auto unpacked = this->unpacked(source, *row, box.number, pixels);
        if (!unpacked) return fail(named(box.number, unpacked.error()));
        tile = *unpacked;
      }
      for (std::int64_t i = 0; i < end - y; ++i)
        if (auto taken =
                take_pixels(table_, *tile, first + i * box.length[0], count, to + i * row_bytes);
            !taken)
          return fail(named(box.number, std::move(taken).error()));
    }
    y = end;
  }
  return rice.read();
}

}  // namespace recorte::fits
