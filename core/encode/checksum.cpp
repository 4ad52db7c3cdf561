// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/checksum.hpp"

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
  std::uint64_t sum = 0;  // 2^32 words fit before it overflows
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) sum += word(bytes.data() + i);
  std::array<std::byte, 4> last{};
  for (std::size_t j = 0; i + j < bytes.size(); ++j) last[j] = bytes[i + j];
  sum += word(last.data());
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
