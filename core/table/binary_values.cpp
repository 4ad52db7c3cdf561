// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/binary_values.hpp"

#include "core/base/text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

namespace recorte::table {
namespace {

constexpr std::uint64_t kBeyondReason = 1ULL << 40;
constexpr double kTwoTo63 = 9223372036854775808.0;

std::size_t size_of(BinaryKind kind) {
  switch (kind) {
    case BinaryKind::kShort:
    case BinaryKind::kUnicode: return 2;
    case BinaryKind::kInt:
    case BinaryKind::kFloat: return 4;
    case BinaryKind::kLong:
    case BinaryKind::kDouble:
    case BinaryKind::kFloatComplex: return 8;
    case BinaryKind::kDoubleComplex: return 16;
    default: return 1;
  }
}

/// The shortest text that reads back as the same number of that precision.
template <class Real>
std::string real_text(Real value, const Meaning& meaning) {
  if (std::isnan(value)) return "";
  if (meaning.scale != 1 || meaning.zero != 0)
    return number_text(meaning.zero + meaning.scale * static_cast<double>(value));
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string integer_text(std::int64_t value, const Meaning& meaning) {
  if (value == meaning.null) return "";
  if (meaning.scale == 1 && meaning.zero == 0) return std::to_string(value);
  // Unsigned integers are stored so, and are to be exact.
  if (meaning.scale == 1 && meaning.zero == kTwoTo63)
    return std::to_string(static_cast<std::uint64_t>(value) ^ (1ULL << 63));
  std::int64_t sum = 0;
  if (meaning.scale == 1 && std::abs(meaning.zero) < kTwoTo63 &&
      std::trunc(meaning.zero) == meaning.zero &&
      !__builtin_add_overflow(value, static_cast<std::int64_t>(meaning.zero), &sum))
    return std::to_string(sum);
  return number_text(meaning.zero + meaning.scale * static_cast<double>(value));
}

std::string bool_text(char value) {
  switch (value) {
    case 'T':
    case 't':
    case '1':
    case '\1': return "true";
    case 'F':
    case 'f':
    case '0': return "false";
    default: return "";
  }
}

std::string text_of_unicode(std::string_view bytes) {
  std::string out;
  const auto add = [&](std::uint32_t c) {
    if (c < 0x80)
      out += static_cast<char>(c);
    else if (c < 0x800)
      out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
    else if (c < 0x10000)
      out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    else
      out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))};
  };
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(big_endian(bytes, at, 2));
  };
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    auto c = unit(at);
    if (c == 0) break;
    const bool high = c >= 0xD800 && c < 0xDC00, low = c >= 0xDC00 && c < 0xE000;
    const auto next = high && at + 4 <= bytes.size() ? unit(at + 2) : 0;
    if (next >= 0xDC00 && next < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (next - 0xDC00);
      at += 2;
    } else if (high || low) {
      c = '?';
    }
    add(c);
  }
  return out;
}

std::string one_text(BinaryKind kind, std::string_view bytes, const Meaning& meaning) {
  const auto whole = [&](std::size_t at, std::size_t size) { return big_endian(bytes, at, size); };
  const auto real32 = [&](std::size_t at) {
    return real_text(std::bit_cast<float>(static_cast<std::uint32_t>(whole(at, 4))), meaning);
  };
  const auto real64 = [&](std::size_t at) {
    return real_text(std::bit_cast<double>(whole(at, 8)), meaning);
  };
  switch (kind) {
    case BinaryKind::kBool: return bool_text(bytes[0]);
    case BinaryKind::kByte: return integer_text(static_cast<std::int64_t>(whole(0, 1)), meaning);
    case BinaryKind::kShort: return integer_text(static_cast<std::int16_t>(whole(0, 2)), meaning);
    case BinaryKind::kInt: return integer_text(static_cast<std::int32_t>(whole(0, 4)), meaning);
    case BinaryKind::kLong: return integer_text(static_cast<std::int64_t>(whole(0, 8)), meaning);
    case BinaryKind::kFloat: return real32(0);
    case BinaryKind::kDouble: return real64(0);
    case BinaryKind::kFloatComplex: return real32(0) + " " + real32(4);
    case BinaryKind::kDoubleComplex: return real64(0) + " " + real64(8);
    default: return "";
  }
}

}  // namespace

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

std::optional<std::size_t> binary_size(BinaryKind kind, std::uint64_t count) {
  if (count > kBeyondReason) return {};
  if (kind == BinaryKind::kBit) return (count + 7) / 8;
  return count * size_of(kind);
}

std::string binary_text(BinaryKind kind, std::uint64_t count, std::string_view bytes,
                        const Meaning& meaning) {
  if (kind == BinaryKind::kChar) return std::string(trim(bytes.substr(0, bytes.find('\0'))));
  if (kind == BinaryKind::kUnicode) return std::string(trim(text_of_unicode(bytes)));
  // The standards want the highest bit; astropy writes a lone one as 8.
  if (kind == BinaryKind::kBit && count == 1) return bytes[0] != 0 ? "1" : "0";
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) out += ' ';
    if (kind == BinaryKind::kBit)
      out += (static_cast<unsigned char>(bytes[i / 8]) >> (7 - i % 8) & 1) != 0 ? '1' : '0';
    else
      out += one_text(kind, bytes.substr(i * size_of(kind), size_of(kind)), meaning);
  }
  return out;
}

}  // namespace recorte::table
