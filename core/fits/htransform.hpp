/// The inverse of the H-transform (White, Postman and Lattanzi 1992; FITS Standard 4.0, section
/// 10.4.4), in integers, as whoever packed the tile undid it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace recorte::fits {

/// Coefficients to pixels, in place: `rows` x `columns` (1 or more), columns running fastest. Where
/// `smooth`, coefficients are first moved by up to half of `scale`, by which they had been divided.
/// Arithmetic wraps around, so that broken coefficients give some pixels or other.
void invert_htransform(std::vector<std::int64_t>& a, std::int64_t rows, std::int64_t columns,
                       bool smooth, std::int64_t scale);

}  // namespace recorte::fits
