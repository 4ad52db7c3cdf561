// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tile_pixels.hpp"

#include "core/fits/hcompress.hpp"
#include "core/fits/pixels.hpp"
#include "core/fits/plio.hpp"
#include "core/fits/rice.hpp"
#include "core/fits/tile_gzip.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

namespace recorte::fits {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Pixels = std::vector<std::byte>;
using Integers = std::vector<std::int32_t>;
using Code = TileTable::Code;

/// No code makes a pixel longer than this, but for what every tile has.
constexpr std::int64_t kMaxBytesAPixel = 24, kMaxExtra = 4096;

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

/// The bytes that a column of the row points to; none where it has none.
Result<Bytes> bytes_of_tile(const Source& source, const TileTable& table, const std::uint8_t* row,
                            const TileTable::Column& column, std::int64_t pixels) {
  const auto word = [&](std::int64_t i) -> std::int64_t {
    const auto* at = row + column.offset + i * column.word;
    if (column.word == 8) return big_endian<std::int64_t>(at);
    return big_endian<std::int32_t>(at);
  };
  const auto count = word(0), offset = word(1);
  if (count == 0) return Bytes{};
  if (count < 0 || offset < 0 || offset > table.heap_size ||
      count > (table.heap_size - offset) / column.element)
    return broken("it lies outside the data of its HDU");
  if (count > (kMaxBytesAPixel * pixels + kMaxExtra) / column.element)
    return broken("it has " + std::to_string(count) + " elements for " + std::to_string(pixels) +
                  " pixels, which cannot be");
  Bytes out(static_cast<std::size_t>(count * column.element));
  RECORTE_TRY(source.read(table.heap + offset, out.data(), std::ssize(out)));
  return out;
}

/// Big-endian samples of the image's own type.
Result<Pixels> plain_pixels(const TileTable& table, Pixels bytes, std::int64_t pixels) {
  if (std::ssize(bytes) != pixels * bytes_of(table.bitpix))
    return broken("it holds " + std::to_string(bytes.size()) + " bytes where its pixels are " +
                  std::to_string(pixels * bytes_of(table.bitpix)));
  swap_bytes(table.bitpix, bytes.data(), bytes.data(), pixels);
  return bytes;
}

template <class Sample>
void widen_from(const Pixels& samples, Integers& out) {
  const auto* at = samples.data();
  for (auto& v : out) {
    Sample sample;
    std::memcpy(&sample, at, sizeof sample);
    v = static_cast<std::int32_t>(sample);
    at += sizeof sample;
  }
}

/// Big-endian integers of `size` bytes each: 1 (unsigned), 2 or 4.
void widen(std::size_t size, Pixels& bytes, Integers& out) {
  swap_bytes(static_cast<int>(8 * size), bytes.data(), bytes.data(), std::ssize(out));
  switch (size) {
    case 1: return widen_from<std::uint8_t>(bytes, out);
    case 2: return widen_from<std::int16_t>(bytes, out);
    default: return widen_from<std::int32_t>(bytes, out);
  }
}

template <class Sample, class Integer>
Result<Pixels> narrowed(std::span<const Integer> integers, std::int64_t shift, bool clip) {
  using Limits = std::numeric_limits<Sample>;
  Pixels out(integers.size() * sizeof(Sample));
  auto* to = out.data();
  for (const auto integer : integers) {
    auto value = static_cast<std::int64_t>(integer) - shift;
    const auto inside = std::clamp<std::int64_t>(value, Limits::min(), Limits::max());
    if (value != inside && !clip)
      return broken("it has a pixel of " + std::to_string(value) + ", which BITPIX " +
                    std::to_string(8 * sizeof(Sample)) + " cannot hold");
    const auto sample = static_cast<Sample>(inside);
    std::memcpy(to, &sample, sizeof sample);
    to += sizeof sample;
  }
  return out;
}

/// To the image's type. Lossy HCOMPRESS may leave its range; then the nearest value is meant.
template <class Integer>
Result<Pixels> as_pixels(const TileTable& table, std::span<const Integer> integers) {
  const std::int64_t shift = table.unsigned_words ? 32768 : 0;
  const bool clip = table.code == Code::kHcompress;
  switch (table.bitpix) {
    case 8: return narrowed<std::uint8_t>(integers, shift, clip);
    case 16: return narrowed<std::int16_t>(integers, shift, clip);
    case 32: return narrowed<std::int32_t>(integers, shift, clip);
    default: return narrowed<std::int64_t>(integers, shift, clip);
  }
}

Result<Pixels> restored(const TileTable& table, const std::uint8_t* row, std::int64_t number,
                        const Integers& integers) {
  Quantization how;
  how.scale = number_in(row, table.scale, 1);
  how.zero = number_in(row, table.zero, 0);
  how.dither = table.dither;
  how.sequence = number + table.dither_seed - 1;
  const auto null = number_in(row, table.null, std::nan(""));
  if (std::abs(null) < 1e15) how.null = static_cast<std::int64_t>(null);
  Pixels out(integers.size() * static_cast<std::size_t>(bytes_of(table.bitpix)));
  restore(integers, how, table.bitpix, out.data());
  return out;
}

Result<Pixels> unpacked(const TileTable& table, const std::uint8_t* row, std::int64_t number,
                        const Bytes& bytes, std::int64_t pixels) {
  const auto size = static_cast<std::size_t>(pixels);
  if (table.code == Code::kPlain) {
    const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
    return plain_pixels(table, Pixels(first, first + bytes.size()), pixels);
  }
  if (table.code == Code::kHcompress) {
    const auto wide = unpack_hcompress(bytes, pixels, table.smooth);
    if (!wide) return fail(wide.error());
    if (table.bitpix > 0) return as_pixels(table, std::span<const std::int64_t>(*wide));
    return restored(table, row, number, Integers(wide->begin(), wide->end()));
  }
  Integers integers;
  if (table.code == Code::kRice) {
    integers.resize(size);
    RECORTE_TRY(unpack_rice(bytes, table.block, table.byte_pix, integers));
  } else if (table.code == Code::kPlio) {
    integers.resize(size);
    RECORTE_TRY(unpack_plio(bytes, integers));
  } else {
    auto all = gunzip_tile(bytes, 8 * pixels);
    if (!all) return fail(std::move(all).error());
    const auto each = all->size() / size;
    if (all->size() % size != 0 || (each != 1 && each != 2 && each != 4 && each != 8))
      return broken("it holds " + std::to_string(all->size()) + " gzipped bytes for " +
                    std::to_string(pixels) + " pixels");
    if (table.code == Code::kShuffledGzip) unshuffle(static_cast<int>(each), *all);
    const bool as_they_are = table.bitpix > 0 && std::cmp_equal(8 * each, table.bitpix);
    if (table.lossless || as_they_are || each == 8)
      return plain_pixels(table, std::move(*all), pixels);
    integers.resize(size);
    widen(each, *all, integers);
  }
  if (table.bitpix > 0) return as_pixels(table, std::span<const std::int32_t>(integers));
  return restored(table, row, number, integers);
}

Result<Pixels> tile(const Source& source, const TileTable& table, std::int64_t number,
                    std::int64_t pixels) {
  if (number >= table.rows) return broken("it is missing");
  Bytes row(static_cast<std::size_t>(table.width));
  RECORTE_TRY(source.read(table.begin + number * table.width, row.data(), table.width));
  for (const auto* column : {&table.packed, &table.gzipped, &table.plain}) {
    if (!*column) continue;
    auto bytes = bytes_of_tile(source, table, row.data(), **column, pixels);
    if (!bytes) return fail(std::move(bytes).error());
    if (bytes->empty()) continue;
    if (column == &table.packed) return unpacked(table, row.data(), number, *bytes, pixels);
    // What could not be packed otherwise, which is of the image's own type.
    if (column == &table.gzipped) {
      auto all = gunzip_tile(*bytes, 8 * pixels);
      if (!all) return fail(std::move(all).error());
      return plain_pixels(table, std::move(*all), pixels);
    }
    const auto* first = reinterpret_cast<const std::byte*>(bytes->data());
    return plain_pixels(table, Pixels(first, first + bytes->size()), pixels);
  }
  return broken("it has no data");
}

}  // namespace

Result<std::vector<std::byte>> tile_pixels(const Source& source, const TileTable& table,
                                           std::int64_t number, std::int64_t pixels) {
  return tile(source, table, number, pixels).map_error([&](Error error) {
    error.message = "tile " + std::to_string(number + 1) + ": " + error.message;
    return error;
  });
}

}  // namespace recorte::fits
