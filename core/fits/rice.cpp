// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/rice.hpp"

#include "core/fits/bits.hpp"

#include <algorithm>

namespace recorte::fits {
namespace {

/// How differences of pixels of a type are coded: the bits that give a block's split, the split
/// that means "not coded", and the bits of a difference then.
template <class Pixel>
struct Code {
  static constexpr int kBits = 8 * sizeof(Pixel);
  static constexpr int kSplitBits = kBits == 32 ? 5 : kBits == 16 ? 4 : 3;
  static constexpr int kPlain = kBits == 32 ? 25 : kBits == 16 ? 14 : 6;
};

/// 0, 1, 2, 3, … stand for 0, -1, 1, -2, …
std::uint32_t unfolded(std::uint32_t code) { return (code >> 1) ^ (0U - (code & 1)); }

/// Differences from pixel to pixel wrap around, as unsigned integers do.
template <class Pixel, class Unsigned>
Status unpack(std::span<const std::uint8_t> bytes, std::size_t block, std::span<std::int32_t> out) {
  using C = Code<Pixel>;
  BitReader bits(bytes);
  Unsigned last = static_cast<Unsigned>(bits.get(C::kBits));
  const auto put = [&](std::int32_t& pixel, std::uint32_t code) {
    last = static_cast<Unsigned>(last + unfolded(code));
    pixel = static_cast<Pixel>(last);
  };
  for (std::size_t i = 0; i < out.size() && !bits.overrun(); i += std::min(block, out.size() - i)) {
    const auto pixels = out.subspan(i, std::min(block, out.size() - i));
    const int split = static_cast<int>(bits.get(C::kSplitBits)) - 1;
    if (split < 0) {
      std::ranges::fill(pixels, static_cast<Pixel>(last));
    } else if (split == C::kPlain) {
      for (auto& pixel : pixels) put(pixel, bits.get(C::kBits));
    } else {
      for (auto& pixel : pixels) {
        const auto high = static_cast<std::uint32_t>(bits.zeros() << split);
        put(pixel, high | bits.get(split));
      }
    }
  }
  if (bits.overrun()) return fail(ErrorCode::kData, "its Rice code ends early");
  return {};
}

}  // namespace

Status unpack_rice(std::span<const std::uint8_t> bytes, std::int64_t block, int byte_pix,
                   std::span<std::int32_t> out) {
  const auto size = static_cast<std::size_t>(block);
  switch (byte_pix) {
    case 1: return unpack<std::uint8_t, std::uint8_t>(bytes, size, out);
    case 2: return unpack<std::int16_t, std::uint16_t>(bytes, size, out);
    default: return unpack<std::int32_t, std::uint32_t>(bytes, size, out);
  }
}

}  // namespace recorte::fits
