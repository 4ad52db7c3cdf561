/// How many products a worker makes before others have their turn.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace recorte::batch {

/// As many as take no longer than `time`, one at least, by what each takes (0: not known).
inline std::int64_t products_of_turn(double seconds_each, Micros time, std::int64_t most) {
  most = std::max<std::int64_t>(1, most);
  const double fit = static_cast<double>(time) / 1e6 / seconds_each;
  if (seconds_each <= 0 || fit >= static_cast<double>(most)) return most;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(fit));
}

}  // namespace recorte::batch
