// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/checksum.hpp"

#include "core/base/simd.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace recorte::encode {
namespace {

std::uint32_t fold(std::uint64_t sum) {
  while (sum >> 32) sum = (sum & 0xffffffffU) + (sum >> 32);
  return static_cast<std::uint32_t>(sum);
}

std::uint32_t word(const std::byte* bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return std::endian::native == std::endian::big ? value : __builtin_bswap32(value);
}

// Of `twos` pairs of words; below 2^33 + 2^32. Compilers make vectors of it, where they may.
[[gnu::always_inline]] inline std::uint64_t sum_of_words(const std::byte* bytes, std::size_t twos) {
  std::uint64_t high = 0, low = 0;  // 2^32 words fit before they overflow
  for (std::size_t i = 0; i < twos; ++i) {
    std::uint64_t two = 0;
    std::memcpy(&two, bytes + 8 * i, sizeof two);
    two = std::endian::native == std::endian::big ? two : __builtin_bswap64(two);
    high += two >> 32;
    low += two & 0xffffffffU;
  }
  return std::uint64_t{fold(high)} + fold(low);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] std::uint64_t sum_avx2(const std::byte* bytes, std::size_t twos) {
  return sum_of_words(bytes, twos);
}
#endif

// Four characters for one byte: they sum to it plus four times '0', and are letters or digits.
std::array<int, 4> letters(int byte) {
  std::array<int, 4> out{};
  for (auto& c : out) c = byte / 4 + '0';
  out[0] += byte % 4;
  const auto punctuation = [](int c) { return (c > '9' && c < 'A') || (c > 'Z' && c < 'a'); };
  for (std::size_t i = 0; i < 4; i += 2)
    while (punctuation(out[i]) || punctuation(out[i + 1])) {
      ++out[i];
      --out[i + 1];
    }
  return out;
}

}  // namespace

std::uint32_t ones_complement_add(std::uint32_t a, std::uint32_t b) {
  return fold(std::uint64_t{a} + b);
}

std::uint32_t ones_complement_sum(std::span<const std::byte> bytes, std::int64_t offset) {
  const auto twos = bytes.size() / 8;
#if defined(__x86_64__)
  std::uint64_t sum =
      simd() >= Simd::kAvx2 ? sum_avx2(bytes.data(), twos) : sum_of_words(bytes.data(), twos);
#else
  std::uint64_t sum = sum_of_words(bytes.data(), twos);
#endif
  std::array<std::byte, 8> last{};
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(8 * twos), bytes.end(), last.begin());
  sum += std::uint64_t{word(last.data())} + word(last.data() + 4);
  // Modulo 2^32 - 1, a shift by bytes is a rotation.
  return std::rotr(fold(sum), static_cast<int>(offset % 4 * 8));
}

std::string checksum_text(std::uint32_t sum) {
  const std::uint32_t value = ~sum;
  std::string out(16, '0');
  for (std::size_t byte = 0; byte < 4; ++byte) {
    const auto four = letters(static_cast<int>(value >> (24 - 8 * byte) & 0xff));
    // The value begins at column 12 of its card: rotated right by one byte to stand on words.
    for (std::size_t i = 0; i < 4; ++i) out[(4 * i + byte + 1) % 16] = static_cast<char>(four[i]);
  }
  return out;
}

}  // namespace recorte::encode
