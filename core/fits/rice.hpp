/// The Rice code of tile compression (FITS Standard 4.0, section 10.4.1; White and Becker 1998):
/// a stream of blocks, each coded on its own but for the pixel before it. So a stream can be
/// entered between two blocks by whoever knows the bit and that pixel.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/simd.hpp"

#include <cstddef>
#include <cstdint>

namespace recorte::fits {

struct RiceCode {
  std::int64_t block = 32;  ///< pixels in a block, 1 to 32
  int byte_pix = 4;         ///< bytes of the coded integers: 1 (unsigned), 2 or 4
};

/// A place between two blocks of a stream.
struct RicePoint {
  std::uint64_t bit = 0;   ///< from the stream's beginning
  std::uint32_t last = 0;  ///< the pixel before; of shorter integers its lowest bits count
  bool operator==(const RicePoint&) const = default;
};

/// Decoders look so many bytes ahead of a stream's end; what is there does not matter.
inline constexpr std::size_t kRicePadding = 1024;

/// The bytes of a tile and how far they are decoded. kRicePadding bytes after them can be read.
struct RiceStream {
  const std::uint8_t* bytes = nullptr;
  std::uint64_t end = 0;  ///< bits
  RicePoint at;

  bool ends_early() const { return at.bit > end; }
};

/// At the first block of a tile.
RiceStream rice_stream(const std::uint8_t* bytes, std::size_t size, const RiceCode& code);

/// Decodes the next `count` pixels: whole blocks, unless they are the last ones of the tile or the
/// last ones wanted. False where the bytes end before: it `ends_early()`, the pixels are anything.
bool unpack_rice(RiceStream& stream, const RiceCode& code, std::int32_t* out, std::int64_t count,
                 Simd simd = recorte::simd());

/// What unpack_rice() ends with: sums of 32 bits become pixels of `byte_pix` bytes.
void shorten_rice(const RiceCode& code, std::int32_t* out, std::int64_t count);

/// The bits that give a block's split, the split that means "not coded", and the bits of a pixel.
struct RiceWidths {
  int split_bits, plain, bits;
};
constexpr RiceWidths rice_widths(int byte_pix) {
  return byte_pix == 4   ? RiceWidths{5, 25, 32}
         : byte_pix == 2 ? RiceWidths{4, 14, 16}
                         : RiceWidths{3, 6, 8};
}

/// What a stream that ends early is told.
inline constexpr const char* kRiceEndsEarly = "its Rice code ends early";

}  // namespace recorte::fits
