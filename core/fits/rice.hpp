/// The Rice code of tile compression (FITS Standard 4.0, section 10.4.1; White and Becker 1998).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <span>

namespace recorte::fits {

/// Fills `out`, pixel by pixel, from the bytes of one tile, in blocks of `block` pixels (1 or more)
/// coded as integers of `byte_pix` bytes: 1 (unsigned), 2 or 4. kData where the bytes end early.
Status unpack_rice(std::span<const std::uint8_t> bytes, std::int64_t block, int byte_pix,
                   std::span<std::int32_t> out);

}  // namespace recorte::fits
