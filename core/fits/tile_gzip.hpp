/// Gzipped tiles (FITS Standard 4.0, sections 10.4.2): zlib's bytes, shuffled or not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/uninitialised.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct libdeflate_decompressor;

namespace recorte::fits {

/// Unpacks one tile after another. One thread.
class TileGunzip {
 public:
  TileGunzip();
  ~TileGunzip();
  TileGunzip(TileGunzip&&) noexcept;
  TileGunzip& operator=(TileGunzip&&) noexcept;

  /// The unpacked bytes of one tile, at most `limit`. kData where they are more, end early, or fail
  /// the checksum.
  Result<RawBytes> operator()(std::span<const std::uint8_t> bytes, std::int64_t limit);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* fast) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> fast_;
};

/// GZIP_2 keeps all first bytes of the pixels, then all second ones, … of `size` (1, 2, 4, 8) bytes
/// a pixel, the highest byte first. Pixels `first` to `first + count` of them, in the machine's
/// order.
void unshuffle(std::span<const std::byte> bytes, int size, std::int64_t first, std::int64_t count,
               std::byte* out);

}  // namespace recorte::fits
