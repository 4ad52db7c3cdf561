/// What a worker may keep between cutouts, so that the next one finds it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace recorte::cutout {

struct CacheLimits {
  std::size_t open_files = 64;        ///< with their headers and WCS
  std::int64_t unpacked = 1LL << 30;  ///< bytes of packed files and of tiles, of all files together
  std::int64_t decoded_tiles = 2LL << 20;  ///< bytes, of each compressed image
  std::int64_t seek_points = 16LL << 20;   ///< bytes of places in its Rice code, likewise
};

/// How often something was found there.
struct CacheUse {
  std::int64_t images_found = 0, images_opened = 0;  ///< open already, or not
  std::int64_t tiles_found = 0, tiles_unpacked = 0;  ///< of gzip, HCOMPRESS and PLIO
};

}  // namespace recorte::cutout
