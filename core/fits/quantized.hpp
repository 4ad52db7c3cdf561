/// Floating-point pixels that tile compression made integers (FITS Standard 4.0, section 10.2 and
/// appendix I; Pence, White and Seaman 2010).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/simd.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace recorte::fits {

struct Quantization {
  enum class Dither { kNone, kOne, kTwo };  ///< SUBTRACTIVE_DITHER_1, _2
  double scale = 1, zero = 0;
  Dither dither = Dither::kNone;
  std::int64_t sequence = 0;  ///< of the tile, from 0: its row in the table plus ZDITHER0 - 1
  std::optional<std::int64_t> null;  ///< becomes NaN
};

/// The values of integers of one tile, the tile's pixel `first` (from 0) and those after it, as
/// `bitpix` -32 or -64, in the machine's byte order. `out` needs no alignment.
void restore(std::span<const std::int32_t> quantized, std::int64_t first, const Quantization& how,
             int bitpix, std::byte* out, Simd simd = recorte::simd());

}  // namespace recorte::fits
