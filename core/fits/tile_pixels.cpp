// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/tile_pixels.hpp"

#include "core/fits/hcompress.hpp"
#include "core/fits/pixels.hpp"
#include "core/fits/plio.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

namespace recorte::fits {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Integers = std::vector<std::int32_t>;
using Code = TileTable::Code;
using Form = UnpackedTile::Form;

constexpr std::int64_t kPart = 512;  // pixels widened at once

tl::unexpected<Error> broken(std::string what) { return fail(ErrorCode::kData, std::move(what)); }

/// Big-endian samples of the image's own type.
Result<UnpackedTile> plain_tile(const TileTable& table, RawBytes bytes, std::int64_t pixels,
                                Form form) {
  const auto size = bytes_of(table.bitpix);
  if (std::ssize(bytes) != pixels * size)
    return broken("it holds " + std::to_string(bytes.size()) + " bytes where its pixels are " +
                  std::to_string(pixels * size));
  return UnpackedTile{form, std::move(bytes), static_cast<int>(size), false, {}};
}

Result<UnpackedTile> plain_tile(const TileTable& table, Bytes bytes, std::int64_t pixels) {
  const auto all = std::as_bytes(bytes);
  return plain_tile(table, RawBytes(all.begin(), all.end()), pixels, Form::kSamples);
}

Result<UnpackedTile> gunzipped(const TileTable& table, const TileRow& row, Bytes bytes,
                               std::int64_t pixels, TileGunzip& gunzip) {
  auto all = gunzip(bytes, 8 * pixels);
  if (!all) return fail(std::move(all).error());
  if (row.packed == TileRow::Packed::kGzipped)
    return plain_tile(table, std::move(*all), pixels, Form::kSamples);
  const auto size = static_cast<std::size_t>(pixels);
  const auto each = all->size() / size;
  if (all->size() % size != 0 || (each != 1 && each != 2 && each != 4 && each != 8))
    return broken("it holds " + std::to_string(all->size()) + " gzipped bytes for " +
                  std::to_string(pixels) + " pixels");
  const auto form = table.code == Code::kShuffledGzip ? Form::kShuffled : Form::kSamples;
  const bool as_they_are = table.bitpix > 0 && std::cmp_equal(8 * each, table.bitpix);
  if (table.lossless || as_they_are || each == 8)
    return plain_tile(table, std::move(*all), pixels, form);
  return UnpackedTile{form, std::move(*all), static_cast<int>(each), true, row.how};
}

/// False where one does not fit, and is not to be clipped; what is written then is anything.
template <class Sample, class Integer>
bool narrow(std::span<const Integer> integers, std::int64_t shift, bool clip, std::byte* out) {
  using Limits = std::numeric_limits<Sample>;
  bool inside = true;
  for (const auto integer : integers) {
    const auto value = static_cast<std::int64_t>(integer) - shift;
    const auto near = std::clamp<std::int64_t>(value, Limits::min(), Limits::max());
    inside &= value == near;
    const auto sample = static_cast<Sample>(near);
    std::memcpy(out, &sample, sizeof sample);
    out += sizeof sample;
  }
  return inside || clip;
}

template <class Sample, class Integer>
Status narrowed(std::span<const Integer> integers, std::int64_t shift, bool clip, std::byte* out) {
  if (narrow<Sample>(integers, shift, clip, out)) return {};
  for (const auto integer : integers) {
    const auto value = static_cast<std::int64_t>(integer) - shift;
    if (value < std::numeric_limits<Sample>::min() || value > std::numeric_limits<Sample>::max())
      return broken("it has a pixel of " + std::to_string(value) + ", which BITPIX " +
                    std::to_string(8 * sizeof(Sample)) + " cannot hold");
  }
  return {};
}

/// To the image's type. Lossy HCOMPRESS may leave its range; then the nearest value is meant.
template <class Integer>
Status as_pixels(const TileTable& table, std::span<const Integer> integers, std::byte* out) {
  const std::int64_t shift = table.unsigned_words ? 32768 : 0;
  const bool clip = table.code == Code::kHcompress;
  switch (table.bitpix) {
    case 8: return narrowed<std::uint8_t>(integers, shift, clip, out);
    case 16: return narrowed<std::int16_t>(integers, shift, clip, out);
    case 32:
      if constexpr (sizeof(Integer) == 4) {
        if (shift == 0) {
          std::memcpy(out, integers.data(), integers.size_bytes());
          return {};
        }
      }
      return narrowed<std::int32_t>(integers, shift, clip, out);
    default: return narrowed<std::int64_t>(integers, shift, clip, out);
  }
}

template <class Integer>
Result<UnpackedTile> finished(const TileTable& table, const TileRow& row,
                              const std::vector<Integer>& integers) {
  UnpackedTile out;
  out.bytes.resize(integers.size() * static_cast<std::size_t>(bytes_of(table.bitpix)));
  if (table.bitpix > 0) {
    RECORTE_TRY(as_pixels(table, std::span(integers), out.bytes.data()));
  } else {
    const Integers levels(integers.begin(), integers.end());
    RECORTE_TRY(finish_pixels(table, row.how, levels, 0, out.bytes.data()));
  }
  return out;
}

/// Samples `first` and on, in the machine's order.
void take_samples(const UnpackedTile& tile, std::int64_t first, std::int64_t count,
                  std::byte* out) {
  if (tile.form == Form::kShuffled)
    unshuffle(tile.bytes, tile.sample, first, count, out);
  else
    swap_bytes(8 * tile.sample, tile.bytes.data() + first * tile.sample, out, count);
}

/// Integers of 1 (unsigned), 2 or 4 bytes.
void widen(int size, const std::byte* samples, std::span<std::int32_t> out) {
  const auto from = [&]<class Sample>(Sample sample) {
    for (auto& v : out) {
      std::memcpy(&sample, samples, sizeof sample);
      v = static_cast<std::int32_t>(sample);
      samples += sizeof sample;
    }
  };
  if (size == 1) return from(std::uint8_t{});
  if (size == 2) return from(std::int16_t{});
  from(std::int32_t{});
}

}  // namespace

Result<UnpackedTile> unpack_tile(const TileTable& table, const TileRow& row, Bytes bytes,
                                 std::int64_t pixels, TileGunzip& gunzip) {
  if (row.packed == TileRow::Packed::kPlain) return plain_tile(table, bytes, pixels);
  if (row.packed == TileRow::Packed::kGzipped) return gunzipped(table, row, bytes, pixels, gunzip);
  switch (table.code) {
    case Code::kPlain: return plain_tile(table, bytes, pixels);
    case Code::kGzip:
    case Code::kShuffledGzip: return gunzipped(table, row, bytes, pixels, gunzip);
    case Code::kHcompress: {
      const auto wide = unpack_hcompress(bytes, pixels, table.smooth);
      if (!wide) return fail(wide.error());
      return finished(table, row, *wide);
    }
    case Code::kPlio: {
      Integers integers(static_cast<std::size_t>(pixels));
      RECORTE_TRY(unpack_plio(bytes, integers));
      return finished(table, row, integers);
    }
    case Code::kRice: break;
  }
  return fail(ErrorCode::kInternal, "a tile of Rice's code is not unpacked whole");
}

Status take_pixels(const TileTable& table, const UnpackedTile& tile, std::int64_t first,
                   std::int64_t count, std::byte* out) {
  const auto size = bytes_of(table.bitpix);
  if (tile.form == Form::kPixels) {
    std::memcpy(out, tile.bytes.data() + first * size, static_cast<std::size_t>(count * size));
    return {};
  }
  if (!tile.levels) {
    take_samples(tile, first, count, out);
    return {};
  }
  std::array<std::byte, 4 * kPart> samples;
  std::array<std::int32_t, kPart> integers;
  for (std::int64_t i = 0; i < count; i += kPart) {
    const auto part = std::min(kPart, count - i);
    take_samples(tile, first + i, part, samples.data());
    const std::span levels(integers.data(), static_cast<std::size_t>(part));
    widen(tile.sample, samples.data(), levels);
    RECORTE_TRY(finish_pixels(table, tile.how, levels, first + i, out + i * size));
  }
  return {};
}

Status finish_pixels(const TileTable& table, const Quantization& how,
                     std::span<const std::int32_t> integers, std::int64_t first, std::byte* out) {
  if (table.bitpix > 0) return as_pixels(table, integers, out);
  restore(integers, first, how, table.bitpix, out);
  return {};
}

}  // namespace recorte::fits
