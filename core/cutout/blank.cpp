// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/blank.hpp"

#include "core/cutout/typed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

namespace recorte::cutout {
namespace {

constexpr std::size_t kCandidates = 16;
constexpr std::int64_t kStripBytes = 8 << 20;

}  // namespace

void fill_blank(recorte_image& image, std::int64_t blank) {
  for (std::int64_t y = 0; y < image.height; ++y) fill_blank(image, blank, y, 0, image.width);
}

void fill_blank(recorte_image& image, std::int64_t blank, std::int64_t y, std::int64_t from,
                std::int64_t to) {
  if (from >= to) return;
  with_type(image.bitpix, [&](auto sample) {
    using T = decltype(sample);
    T value;
    if constexpr (std::is_floating_point_v<T>) {
      value = std::numeric_limits<T>::quiet_NaN();
    } else {
      value = static_cast<T>(blank);
    }
    for (std::int64_t p = 0; p < image.planes; ++p) {
      auto* row = row_of<T>(image, y, p);
      std::fill(row + from, row + to, value);
    }
  });
}

std::int64_t count_blank(const recorte_image& image, std::int64_t blank) {
  return with_type(image.bitpix, [&](auto sample) {
    using T = decltype(sample);
    std::int64_t count = 0;
    for (std::int64_t y = 0; y < image.height; ++y) {
      const auto* row = row_of<const T>(image, y);
      std::int64_t in_row = 0;
      for (std::int64_t x = 0; x < image.width; ++x) {
        if constexpr (std::is_floating_point_v<T>)
          in_row += row[x] != row[x] ? 1 : 0;
        else
          in_row += row[x] == blank ? 1 : 0;
      }
      count += in_row;
    }
    return count;
  });
}

namespace {

/// Marks which of the values next to `extreme` the pixels of an area have.
template <class T>
Status mark_taken(const BlankArea& area, bool is_unsigned, T extreme,
                  std::array<bool, kCandidates>& taken, plugin::Call& call) {
  const auto& info = area.image->info;
  const auto& rect = area.rect;
  const auto rows = std::max<std::int64_t>(
      1,
      kStripBytes / std::max<std::int64_t>(1, rect.width * static_cast<std::int64_t>(sizeof(T))));
  for (std::int64_t p = 0; p < info.planes; ++p)
    for (std::int64_t y = 0; y < rect.height; y += rows) {
      const sky::PixelRect strip{rect.x, rect.y + y, rect.width, std::min(rows, rect.height - y)};
      if (strip.empty()) continue;
      if (call.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
      auto pixels = plugin::new_image(call, info.hdu.bitpix, strip.width, strip.height, 1);
      if (!pixels) return fail(std::move(pixels).error());
      RECORTE_TRY(
          area.image->file->read(info, p, strip, 0, (*pixels)->pixels, (*pixels)->row_bytes));
      for (std::int64_t j = 0; j < strip.height; ++j) {
        const auto* row = row_of<T>(**pixels, j);
        for (std::int64_t i = 0; i < strip.width; ++i) {
          // Modulo 2^64, so that the distance between the ends of the widest type is right.
          const auto distance =
              is_unsigned
                  ? static_cast<std::uint64_t>(extreme) - static_cast<std::uint64_t>(row[i])
                  : static_cast<std::uint64_t>(row[i]) - static_cast<std::uint64_t>(extreme);
          if (distance < kCandidates) taken[distance] = true;
        }
      }
    }
  return {};
}

}  // namespace

Result<std::int64_t> choose_blank(std::span<const BlankArea> areas, plugin::Call& call) {
  const auto& first = *areas.front().image;
  for (const auto& area : areas)
    if (area.image->info.hdu.bitpix != first.info.hdu.bitpix ||
        area.image->info.bzero != first.info.bzero)
      return fail(ErrorCode::kUsage, first.file->path() + " and " + area.image->file->path() +
                                         " hold integers of different types, which are not joined; "
                                         "ask for algorithm=cut");
  return with_type(first.info.hdu.bitpix, [&](auto sample) -> Result<std::int64_t> {
    using T = decltype(sample);
    if constexpr (std::is_floating_point_v<T>) {
      return 0;
    } else {
      const bool is_unsigned = sizeof(T) == 1 ? first.info.bzero >= 0 : first.info.bzero > 0;
      const auto extreme =
          is_unsigned ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
      std::array<bool, kCandidates> taken{};
      for (const auto& area : areas)
        RECORTE_TRY(mark_taken<T>(area, is_unsigned, extreme, taken, call));
      const auto free = std::find(taken.begin(), taken.end(), false) - taken.begin();
      if (free == kCandidates)
        return fail(ErrorCode::kData,
                    first.file->path() +
                        ": no value is left to mark pixels outside this integer image; "
                        "ask for edges=trim");
      return static_cast<std::int64_t>(extreme) + (is_unsigned ? -free : free);
    }
  });
}

}  // namespace recorte::cutout
