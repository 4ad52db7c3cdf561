// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tiles.hpp"

#include "core/fits/tile_pixels.hpp"

#include <algorithm>
#include <cstring>

namespace recorte::fits {
namespace {

constexpr std::int64_t kHeldBytes = 2 << 20;

std::int64_t product(const std::vector<std::int64_t>& lengths) {
  std::int64_t out = 1;
  for (const auto n : lengths) out *= n;
  return out;
}

}  // namespace

TileReader::Box TileReader::box_at(const std::vector<std::int64_t>& corner, std::int64_t x,
                                   std::int64_t y) const {
  Box box;
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
  return box;
}

void TileReader::make_room(std::int64_t bytes) {
  while (!held_.empty() && held_bytes_ + bytes > allowed_) {
    const auto oldest =
        std::ranges::min_element(held_, {}, [](const auto& tile) { return tile.second.used; });
    held_bytes_ -= std::ssize(oldest->second.pixels);
    held_.erase(oldest);
  }
}

Result<const std::byte*> TileReader::pixels_of(const Source& source, const Box& box) {
  if (const auto known = held_.find(box.number); known != held_.end()) {
    known->second.used = ++clock_;
    return known->second.pixels.data();
  }
  make_room(product(box.length) * bytes_of(table_.bitpix));
  auto pixels = tile_pixels(source, table_, box.number, product(box.length));
  if (!pixels) return fail(std::move(pixels).error());
  held_bytes_ += std::ssize(*pixels);
  auto& held = held_[box.number];
  held = {std::move(*pixels), ++clock_};
  return held.pixels.data();
}

Status TileReader::read(const Source& source, const std::vector<std::int64_t>& corner,
                        std::int64_t width, std::int64_t rows, std::byte* out) {
  const auto size = bytes_of(table_.bitpix);
  const auto right = corner[0] + width, top = corner[1] + rows;
  // Of tiles that lie side by side, all: those of the next rows are the same.
  const auto abreast = (right - 1) / table_.tile[0] - corner[0] / table_.tile[0] + 1;
  allowed_ = std::max(kHeldBytes, abreast * product(table_.tile) * size);
  for (auto y = corner[1]; y < top;) {
    const auto end = std::min(top, (y / table_.tile[1] + 1) * table_.tile[1]);
    for (auto x = corner[0]; x < right;) {
      const auto box = box_at(corner, x, y);
      const auto pixels = pixels_of(source, box);
      if (!pixels) return fail(pixels.error());
      std::int64_t plane = 0;  // within the tile
      for (auto i = box.length.size(); i-- > 2;)
        plane = plane * box.length[i] + corner[i] - box.begin[i];
      const auto count = std::min(right, box.begin[0] + box.length[0]) - x;
      for (auto row = y; row < end; ++row) {
        const auto from =
            (plane * box.length[1] + row - box.begin[1]) * box.length[0] + x - box.begin[0];
        const auto to = (row - corner[1]) * width + x - corner[0];
        std::memcpy(out + to * size, *pixels + from * size, static_cast<std::size_t>(count * size));
      }
      x += count;
    }
    y = end;
  }
  return {};
}

}  // namespace recorte::fits
