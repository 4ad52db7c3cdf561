/// Values of binary tables as text: big-endian, as FITS and VOTable have them. Several values of
/// one field are separated by blanks. What has no value is "".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::table {

enum class BinaryKind {
  kBool,
  kBit,
  kByte,
  kShort,
  kInt,
  kLong,
  kChar,     ///< bytes of text, up to a NUL
  kUnicode,  ///< UTF-16
  kFloat,
  kDouble,
  kFloatComplex,
  kDoubleComplex,
};

/// How stored numbers are meant: null is told before, then zero + scale * stored.
struct Meaning {
  std::optional<std::int64_t> null;
  double scale = 1, zero = 0;
};

/// Of `count` values; nullopt where it is beyond reason (2^40).
std::optional<std::size_t> binary_size(BinaryKind kind, std::uint64_t count);
/// `bytes` has the size of `count` values.
std::string binary_text(BinaryKind kind, std::uint64_t count, std::string_view bytes,
                        const Meaning& meaning);
/// A number there, of 1, 2, 4 or 8 bytes.
std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size);

}  // namespace recorte::table
