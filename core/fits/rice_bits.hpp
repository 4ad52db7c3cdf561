/// The bits of Rice's code, for its decoders: words of a stream, differences of any length, sums.
/// What is always inlined becomes code of its caller's target.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/rice.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace recorte::fits {

/// Bits of a word that are there wherever in a byte it begins.
inline constexpr int kSure = 57;

/// The bits from `bit` on, the highest first: kSure of them; those after them are anything.
[[gnu::always_inline]] inline std::uint64_t peek(const std::uint8_t* bytes, std::uint64_t bit) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes + (bit >> 3), sizeof word);
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  return word << (bit & 7);
}

/// 0, 1, 2, 3, … stand for 0, -1, 1, -2, …
[[gnu::always_inline]] inline std::uint32_t unfolded(std::uint32_t code) {
  return (code >> 1) ^ (0U - (code & 1));
}

/// `count` (0 to 32) bits.
[[gnu::always_inline]] inline std::uint32_t take(RiceStream& s, int count) {
  const auto out =
      count == 0 ? 0 : static_cast<std::uint32_t>(peek(s.bytes, s.at.bit) >> (64 - count));
  s.at.bit += static_cast<std::uint64_t>(count);
  return out;
}

/// One difference, folded, of any length. Goes past the end by less than kSure + 32 bits.
std::uint32_t any_code(RiceStream& s, int split);

/// Folded differences after the pixel `last` become pixels, and `last` the last of them. `count`
/// is a multiple of four.
[[gnu::always_inline]] inline void sum_up(std::int32_t* pixels, std::int64_t count,
                                          std::uint32_t& last) {
  using Four [[gnu::vector_size(16)]] = std::uint32_t;
  const Four zero{};
  Four before{last, last, last, last};
  for (std::int64_t i = 0; i < count; i += 4) {
    Four sum;
    std::memcpy(&sum, pixels + i, sizeof sum);
    sum = (sum >> 1) ^ (zero - (sum & 1));
    sum += __builtin_shufflevector(zero, sum, 0, 4, 5, 6);
    sum += __builtin_shufflevector(zero, sum, 0, 1, 4, 5);
    sum += before;
    std::memcpy(pixels + i, &sum, sizeof sum);
    before = __builtin_shufflevector(sum, sum, 3, 3, 3, 3);
  }
  last = before[0];
}

}  // namespace recorte::fits
