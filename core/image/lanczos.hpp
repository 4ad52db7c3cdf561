/// Lanczos-3 (Duchon 1979) fast: its weights out of a table, and sums over 6 x 6 pixels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/simd.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace recorte::image {

inline constexpr std::size_t kLanczosTaps = 6;

/// The weights of pixels -2 to 3 about a place between 0 and 1, normalised to sum 1: by cubic
/// polynomials over 64 steps, each within 1e-9 of the formula's; exact at 0 and 1, where five are
/// 0.
std::array<double, kLanczosTaps> lanczos3_weights(double fraction);

/// A place that lies `fx` right of and `fy` above the third of six pixels each way; `corner`, the
/// first of the first row.
struct Spot {
  const float* corner;
  double fx, fy;  ///< 0 to 1
};

/// out[i] = Σ wy_j Σ wx_i pixel at the i-th spot, rows `row_length` pixels apart. The same bytes
/// for every `level`; reads the 36 pixels only. NaN where one of them is NaN, even if its weight is
/// 0.
void lanczos3_sums(std::span<const Spot> spots, std::int64_t row_length, float* out, Simd level);

}  // namespace recorte::image
