/// Streams of Rice's code for tests: packed here, and unpacked bit by bit, as plainly as can be,
/// for what is fast to be compared with.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/bits.hpp"
#include "core/fits/rice.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace recorte::test {

using Bytes = std::vector<std::uint8_t>;
using Pixels = std::vector<std::int32_t>;

/// The vector instructions that there are here, none of them first.
inline std::vector<Simd> levels() {
  std::vector<Simd> out;
  for (const auto level : {Simd::kScalar, Simd::kAvx2, Simd::kAvx512})
    if (level <= simd()) out.push_back(level);
  return out;
}

/// By what is tested. Nothing where the bytes end early.
inline std::optional<Pixels> unrice(Bytes bytes, const fits::RiceCode& code, std::size_t pixels,
                                    Simd simd) {
  const auto size = bytes.size();
  bytes.resize(size + fits::kRicePadding, 0xa5);
  Pixels out(pixels);
  auto stream = fits::rice_stream(bytes.data(), size, code);
  if (!fits::unpack_rice(stream, code, out.data(), std::ssize(out), simd)) return {};
  return out;
}

inline std::int32_t pixel_of(std::uint32_t sum, int byte_pix) {
  if (byte_pix == 1) return static_cast<std::uint8_t>(sum);
  if (byte_pix == 2) return static_cast<std::int16_t>(sum);
  return static_cast<std::int32_t>(sum);
}

/// By the reference. `strange` becomes true where a block has a split that no encoder writes.
inline std::optional<Pixels> unrice_plainly(const Bytes& bytes, const fits::RiceCode& code,
                                            std::size_t pixels, bool* strange = nullptr) {
  const auto widths = fits::rice_widths(code.byte_pix);
  fits::BitReader bits(bytes);
  Pixels out;
  auto last = bits.get(widths.bits);
  int split = 0;
  for (std::size_t i = 0; i < pixels && !bits.overrun(); ++i) {
    if (i % static_cast<std::size_t>(code.block) == 0)
      split = static_cast<int>(bits.get(widths.split_bits)) - 1;
    if (strange && split > widths.plain) *strange = true;
    std::uint32_t folded = 0;
    if (split == widths.plain) {
      folded = bits.get(widths.bits);
    } else if (split >= 0) {
      folded = static_cast<std::uint32_t>(bits.zeros() << split);
      folded |= bits.get(split);
    }
    last += (folded >> 1) ^ (0U - (folded & 1));
    out.push_back(pixel_of(last, code.byte_pix));
  }
  if (bits.overrun()) return {};
  return out;
}

class BitWriter {
 public:
  void put(std::uint32_t value, int bits) {
    for (int i = bits; i-- > 0;) bit(value >> i & 1);
  }
  void zeros(std::uint32_t count) {
    while (count-- > 0) bit(0);
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  void bit(std::uint32_t value) {
    if (used_ % 8 == 0) bytes_.push_back(0);
    bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | value << (7 - used_ % 8));
    ++used_;
  }
  Bytes bytes_;
  std::size_t used_ = 0;
};

/// A stream of so many pixels. Blocks are of every split, of none, and not coded; differences are
/// short, but now and then one is as long as it can be.
inline Bytes any_stream(std::mt19937& random, const fits::RiceCode& code, std::size_t pixels) {
  const auto widths = fits::rice_widths(code.byte_pix);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  BitWriter out;
  out.put(random(), widths.bits);
  const auto usual = below(3) == 0 ? below(static_cast<std::uint32_t>(widths.plain)) : below(6);
  for (std::size_t i = 0; i < pixels; ++i) {
    static thread_local int split = 0;
    if (i % static_cast<std::size_t>(code.block) == 0) {
      const auto kind = below(40);
      split = kind == 0   ? -1
              : kind == 1 ? widths.plain
              : kind == 2 ? static_cast<int>(below((1U << widths.split_bits) - 1))
                          : static_cast<int>(usual);
      out.put(static_cast<std::uint32_t>(split + 1), widths.split_bits);
    }
    if (split < 0) continue;
    if (split == widths.plain) {
      out.put(random(), widths.bits);
      continue;
    }
    const auto length = below(300) == 0 ? below(200) : below(50) == 0 ? below(30) : below(4);
    out.zeros(length);
    out.put(1, 1);
    out.put(random(), split);
  }
  return out.bytes();
}

}  // namespace recorte::test
