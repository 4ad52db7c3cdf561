// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tile_row.hpp"

#include "core/fits/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>

namespace recorte::fits {
namespace {

/// No code makes a pixel longer than this, but for what every tile has.
constexpr std::int64_t kMaxBytesAPixel = 24, kMaxExtra = 4096;
constexpr std::int64_t kReadAhead = 1 << 14;  // bytes of the table

tl::unexpected<Error> broken(std::string what) { return fail(ErrorCode::kData, std::move(what)); }

template <class T>
T big_endian(const std::uint8_t* bytes) {
  T out;
  swap_bytes(8 * sizeof(T), bytes, &out, 1);
  return out;
}

/// A number in a row of the table.
double number_in(const std::uint8_t* row, const TileTable::Column& column) {
  const auto* at = row + column.offset;
  switch (column.type) {
    case 'B': return *at;
    case 'I': return big_endian<std::int16_t>(at);
    case 'J': return big_endian<std::int32_t>(at);
    case 'K': return static_cast<double>(big_endian<std::int64_t>(at));
    case 'E': return big_endian<float>(at);
    default: return big_endian<double>(at);
  }
}

double number_in(const std::uint8_t* row, const TileTable::Value& value, double otherwise) {
  return value.column ? number_in(row, *value.column) : value.constant.value_or(otherwise);
}

/// Of an array in the heap: bytes from the file's beginning, and how many. None where the row has
/// none.
Result<std::pair<std::int64_t, std::int64_t>> array_in(const std::uint8_t* row,
                                                       const TileTable& table,
                                                       const TileTable::Column& column,
                                                       std::int64_t pixels) {
  const auto word = [&](std::int64_t i) -> std::int64_t {
    const auto* at = row + column.offset + i * column.word;
    if (column.word == 8) return big_endian<std::int64_t>(at);
    return big_endian<std::int32_t>(at);
  };
  const auto count = word(0), offset = word(1);
  if (count == 0) return std::pair<std::int64_t, std::int64_t>{0, 0};
  if (count < 0 || offset < 0 || offset > table.heap_size ||
      count > (table.heap_size - offset) / column.element)
    return broken("it lies outside the data of its HDU");
  if (count > (kMaxBytesAPixel * pixels + kMaxExtra) / column.element)
    return broken("it has " + std::to_string(count) + " elements for " + std::to_string(pixels) +
                  " pixels, which cannot be");
  return std::pair{table.heap + offset, count * column.element};
}

void read_quantization(const std::uint8_t* row, const TileTable& table, std::int64_t number,
                       Quantization& how) {
  how.scale = number_in(row, table.scale, 1);
  how.zero = number_in(row, table.zero, 0);
  how.dither = table.dither;
  how.sequence = number + table.dither_seed - 1;
  const auto null = number_in(row, table.null, std::nan(""));
  if (std::abs(null) < 1e15) how.null = static_cast<std::int64_t>(null);
}

}  // namespace

Result<TileRow> TileRows::row(std::int64_t number, std::int64_t pixels) {
  if (number >= table_.rows) return broken("it is missing");
  const auto width = table_.width;
  if (number < first_ || (number - first_ + 1) * width > std::ssize(rows_)) {
    const auto count = std::clamp<std::int64_t>(kReadAhead / width, 1, table_.rows - number);
    rows_.resize(static_cast<std::size_t>(count * width));
    first_ = number;
    if (auto got = source_.read(table_.begin + number * width, rows_.data(), count * width); !got) {
      rows_.clear();
      return fail(std::move(got).error());
    }
  }
  const auto* at = rows_.data() + (number - first_) * width;
  using Packed = TileRow::Packed;
  for (const auto& [column, packed] : {std::pair{&table_.packed, Packed::kAsTable},
                                       {&table_.gzipped, Packed::kGzipped},
                                       {&table_.plain, Packed::kPlain}}) {
    if (!*column) continue;
    const auto array = array_in(at, table_, **column, pixels);
    if (!array) return fail(array.error());
    if (array->second == 0) continue;
    // Written where it is returned: copies of it would be a tenth of the time of a short row.
    Result<TileRow> out;
    out->packed = packed;
    std::tie(out->offset, out->size) = *array;
    if (table_.bitpix < 0) read_quantization(at, table_, number, out->how);
    return out;
  }
  return broken("it has no data");
}

}  // namespace recorte::fits
