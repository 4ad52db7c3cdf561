// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/rice.hpp"

#include "core/fits/rice_bits.hpp"

#include <algorithm>

namespace recorte::fits {
namespace {

/// Decodes kCodes differences out of one word. False, and nothing done, where they are longer.
template <int kCodes>
[[gnu::always_inline]] inline bool group(RiceStream& s, int split, std::int32_t* out) {
  auto word = peek(s.bytes, s.at.bit);
  std::uint32_t codes[kCodes];
  int used = 0;
#pragma GCC unroll 4
  for (int i = 0; i < kCodes; ++i) {
    const int zeros = __builtin_clzll(word | 1);  // where that 1 is found, they are too long
    codes[i] = static_cast<std::uint32_t>(zeros) << split |
               static_cast<std::uint32_t>((word << zeros << 1) >> 1 >> (63 - split));
    const int length = zeros + 1 + split;
    used += length;
    word <<= length & 63;
  }
  if (used > kSure) return false;
  auto last = s.at.last;
#pragma GCC unroll 4
  for (int i = 0; i < kCodes; ++i) {
    last += unfolded(codes[i]);
    out[i] = static_cast<std::int32_t>(last);
  }
  s.at.last = last;
  s.at.bit += static_cast<std::uint64_t>(used);
  return true;
}

template <int kCodes>
[[gnu::always_inline]] inline void coded(RiceStream& s, int split, std::int32_t* out,
                                         std::int64_t count) {
  std::int64_t i = 0;
  while (i < count) {
    if (i + kCodes <= count && group<kCodes>(s, split, out + i)) {
      i += kCodes;
      continue;
    }
    for (const auto end = std::min(i + kCodes, count); i < end; ++i)
      out[i] = static_cast<std::int32_t>(s.at.last += unfolded(any_code(s, split)));
  }
}

/// A block of at most 32 pixels. However broken, it goes past the end by less than kRicePadding: 8
/// groups of kSure bits, or 32 whole pixels.
[[gnu::always_inline]] inline void block(RiceStream& s, const RiceWidths& widths, std::int32_t* out,
                                         std::int64_t count) {
  const int split = static_cast<int>(take(s, widths.split_bits)) - 1;
  if (split < 0) {
    std::fill_n(out, count, static_cast<std::int32_t>(s.at.last));
  } else if (split == widths.plain) {
    for (std::int64_t i = 0; i < count; ++i)
      out[i] = static_cast<std::int32_t>(s.at.last += unfolded(take(s, widths.bits)));
  } else if (split <= 9) {
    coded<4>(s, split, out, count);
  } else if (split <= 24) {
    coded<2>(s, split, out, count);
  } else {
    coded<1>(s, split, out, count);
  }
}

[[gnu::always_inline]] inline bool unpack(RiceStream& stream, const RiceCode& code,
                                          std::int32_t* out, std::int64_t count) {
  const auto widths = rice_widths(code.byte_pix);
  auto s = stream;  // in registers
  for (std::int64_t i = 0; i < count && !s.ends_early(); i += code.block)
    block(s, widths, out + i, std::min(code.block, count - i));
  stream = s;
  return !s.ends_early();
}

#if defined(__x86_64__)
// The same with the instructions that count zeros and shift without flags.
[[gnu::target("avx2,bmi,bmi2,lzcnt")]] bool unpack_avx2(RiceStream& stream, const RiceCode& code,
                                                        std::int32_t* out, std::int64_t count) {
  return unpack(stream, code, out, count);
}
#endif

// The pixels of shorter integers are the lowest bits of the sums.
template <class Pixel>
void shorten(std::int32_t* out, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<Pixel>(out[i]);
}

}  // namespace

std::uint32_t any_code(RiceStream& s, int split) {
  std::uint64_t zeros = 0;
  for (;;) {
    if (s.at.bit >= s.end) {
      s.at.bit = s.end + 1;
      return 0;
    }
    const auto word = peek(s.bytes, s.at.bit);
    if (const int n = word == 0 ? 64 : __builtin_clzll(word); n < kSure) {
      zeros += static_cast<std::uint64_t>(n);
      s.at.bit += static_cast<std::uint64_t>(n) + 1;
      break;
    }
    zeros += kSure;
    s.at.bit += kSure;
  }
  return static_cast<std::uint32_t>(zeros << split) | take(s, split);
}

RiceStream rice_stream(const std::uint8_t* bytes, std::size_t size, const RiceCode& code) {
  RiceStream out{bytes, 8 * std::uint64_t{size}, {}};
  out.at.last = take(out, rice_widths(code.byte_pix).bits);
  return out;
}

bool unpack_rice(RiceStream& stream, const RiceCode& code, std::int32_t* out, std::int64_t count,
                 [[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  const bool good = simd >= Simd::kAvx2 ? unpack_avx2(stream, code, out, count)
                                        : unpack(stream, code, out, count);
#else
  const bool good = unpack(stream, code, out, count);
#endif
  if (good && code.byte_pix < 4) shorten_rice(code, out, count);
  return good;
}

void shorten_rice(const RiceCode& code, std::int32_t* out, std::int64_t count) {
  if (code.byte_pix == 1) shorten<std::uint8_t>(out, count);
  if (code.byte_pix == 2) shorten<std::int16_t>(out, count);
}

}  // namespace recorte::fits
