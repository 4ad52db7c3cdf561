/// IRAF's line lists of masks, as tile compression has them (FITS Standard 4.0, section 10.4.3 and
/// table 40).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <span>

namespace recorte::fits {

/// Fills `out`, pixel by pixel, from the big-endian 16-bit words of one tile. kData where they end
/// early or make no sense.
Status unpack_plio(std::span<const std::uint8_t> bytes, std::span<std::int32_t> out);

}  // namespace recorte::fits
