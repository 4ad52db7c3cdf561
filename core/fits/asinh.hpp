/// Pixels on a scale of asinh magnitudes, as the stacks of Pan-STARRS1 have them: a flux f is kept
/// as a asinh((f - BOFFSET) / (2 BSOFTEN)) with a = 2.5 log10(e), and that by BSCALE and BZERO, so
/// that 16 bits hold it. No other archive writes these keywords; where both stand, a file reads as
/// the floats of the fluxes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"

#include <cstdint>
#include <optional>

namespace recorte::fits {

struct AsinhScale {
  double offset, softening;           ///< BOFFSET, BSOFTEN
  double bscale, bzero;               ///< from what is stored to asinh magnitudes
  std::optional<std::int64_t> blank;  ///< as it is stored
};

/// Of the header of an image; nullopt where its pixels are what they seem.
std::optional<AsinhScale> asinh_scale(const Header& header);
/// Takes out of the header what is undone when pixels are read, and says that they are floats.
void forget_asinh_scale(Header& header, int bitpix);
/// `count` asinh magnitudes to fluxes, in place; NaN stays.
void undo_asinh(const AsinhScale& scale, double* values, std::int64_t count);

}  // namespace recorte::fits
