/// Rows of stored pixels: byte order and scaling.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/simd.hpp"

#include <cstdint>
#include <optional>

namespace recorte::fits {

/// FITS is big-endian: turns `count` samples of `bitpix` into the machine's order, or back. `from`
/// may be `to`, else they do not overlap; no alignment is needed.
void swap_bytes(int bitpix, const void* from, void* to, std::int64_t count,
                Simd simd = recorte::simd());

struct Scaling {
  double bscale = 1, bzero = 0;
  std::optional<std::int64_t> blank;  ///< of integers, becomes NaN
};

/// `count` stored samples of `bitpix` to physical values (FITS 4.0, section 4.4.2) of `out_bitpix`,
/// -32 or -64. Floats of the same width that need no scaling are copied bit by bit.
void scale(int bitpix, const void* from, const Scaling& scaling, int out_bitpix, void* to,
           std::int64_t count);

}  // namespace recorte::fits
