/// Gzipped tiles (FITS Standard 4.0, sections 10.4.2): zlib's bytes, shuffled or not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace recorte::fits {

/// The unpacked bytes of one tile, at most `limit`. kData where they are more, end early, or fail
/// the checksum.
Result<std::vector<std::byte>> gunzip_tile(std::span<const std::uint8_t> bytes, std::int64_t limit);

/// GZIP_2 keeps all first bytes of the pixels, then all second ones, … of `size` bytes a pixel.
void unshuffle(int size, std::vector<std::byte>& bytes);

}  // namespace recorte::fits
