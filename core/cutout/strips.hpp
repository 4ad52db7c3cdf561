/// The strips that a product is made in, so that what is held does not grow with it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"

#include <algorithm>
#include <cstdint>

namespace recorte::cutout {

/// Rows of a strip of some tens of megabytes.
inline std::int64_t strip_rows(const Outline& o) {
  constexpr std::int64_t kStripBytes = 32 << 20;
  const auto row = o.rect.width * o.planes * fits::bytes_of(o.bitpix);
  return std::clamp<std::int64_t>(kStripBytes / std::max<std::int64_t>(row, 1), 1, o.rect.height);
}

}  // namespace recorte::cutout
