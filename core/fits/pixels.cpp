// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/pixels.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

namespace recorte::fits {
namespace {

[[gnu::always_inline]] inline std::uint16_t swapped(std::uint16_t x) {
  return __builtin_bswap16(x);
}
[[gnu::always_inline]] inline std::uint32_t swapped(std::uint32_t x) {
  return __builtin_bswap32(x);
}
[[gnu::always_inline]] inline std::uint64_t swapped(std::uint64_t x) {
  return __builtin_bswap64(x);
}

template <class T>
[[gnu::always_inline]] inline T load(const void* from, std::int64_t i) {
  T value;
  std::memcpy(&value, static_cast<const char*>(from) + i * std::int64_t{sizeof(T)}, sizeof value);
  return value;
}

template <class T>
[[gnu::always_inline]] inline void store(void* to, std::int64_t i, T value) {
  std::memcpy(static_cast<char*>(to) + i * std::int64_t{sizeof(T)}, &value, sizeof value);
}

template <class T>
[[gnu::always_inline]] inline void swap_all(const void* from, void* to, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) store<T>(to, i, swapped(load<T>(from, i)));
}

[[gnu::always_inline]] inline void swap_bits(int bits, const void* from, void* to,
                                             std::int64_t count) {
  if (bits == 16)
    swap_all<std::uint16_t>(from, to, count);
  else if (bits == 32)
    swap_all<std::uint32_t>(from, to, count);
  else
    swap_all<std::uint64_t>(from, to, count);
}

// Four words at once by shifts, where vectors have no shuffle of bytes: twice as fast as one by
// one.
std::int64_t swap_words(const void* from, void* to, std::int64_t count) {
  using Words [[gnu::vector_size(16)]] = std::uint32_t;
  const auto whole = count / 4 * 4;
  for (std::int64_t i = 0; i < whole; i += 4) {
    Words words;
    std::memcpy(&words, static_cast<const char*>(from) + 4 * i, sizeof words);
    words = (words & 0x00ff00ff) << 8 | (words >> 8 & 0x00ff00ff);
    words = words << 16 | words >> 16;
    std::memcpy(static_cast<char*>(to) + 4 * i, &words, sizeof words);
  }
  return whole;
}

// The compiler makes vectors of the loops, of what the target has.
void swap_plain(int bits, const void* from, void* to, std::int64_t count) {
  const auto done = bits == 32 ? swap_words(from, to, count) : 0;
  swap_bits(bits, static_cast<const char*>(from) + 4 * done, static_cast<char*>(to) + 4 * done,
            count - done);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] void swap_avx2(int bits, const void* from, void* to, std::int64_t count) {
  swap_bits(bits, from, to, count);
}
#endif

template <class From, class To>
void scale_all(const void* from, const Scaling& s, void* to, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const From raw = load<From>(from, i);
    auto value = static_cast<To>(static_cast<double>(raw) * s.bscale + s.bzero);
    if constexpr (std::is_integral_v<From>)
      if (s.blank && std::int64_t{raw} == *s.blank) value = std::numeric_limits<To>::quiet_NaN();
    store<To>(to, i, value);
  }
}

template <class From>
void scale_from(const void* from, const Scaling& s, int out_bitpix, void* to, std::int64_t count) {
  const bool same =
      std::is_floating_point_v<From> && out_bitpix == -static_cast<int>(sizeof(From)) * 8;
  if (same && s.bscale == 1 && s.bzero == 0)
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(From));
  else if (out_bitpix == -32)
    scale_all<From, float>(from, s, to, count);
  else
    scale_all<From, double>(from, s, to, count);
}

}  // namespace

void swap_bytes(int bitpix, const void* from, void* to, std::int64_t count,
                [[maybe_unused]] Simd simd) {
  const int bits = bitpix < 0 ? -bitpix : bitpix;
  if (bits == 8 || std::endian::native == std::endian::big) {
    std::memmove(to, from, static_cast<std::size_t>(count * bits / 8));
    return;
  }
#if defined(__x86_64__)
  if (simd >= Simd::kAvx2) return swap_avx2(bits, from, to, count);
#endif
  swap_plain(bits, from, to, count);
}

void scale(int bitpix, const void* from, const Scaling& scaling, int out_bitpix, void* to,
           std::int64_t count) {
  switch (bitpix) {
    case 8: return scale_from<std::uint8_t>(from, scaling, out_bitpix, to, count);
    case 16: return scale_from<std::int16_t>(from, scaling, out_bitpix, to, count);
    case 32: return scale_from<std::int32_t>(from, scaling, out_bitpix, to, count);
    case 64: return scale_from<std::int64_t>(from, scaling, out_bitpix, to, count);
    case -32: return scale_from<float>(from, scaling, out_bitpix, to, count);
    default: return scale_from<double>(from, scaling, out_bitpix, to, count);
  }
}

}  // namespace recorte::fits
