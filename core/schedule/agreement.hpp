/// How well what was foretold came true, kind by kind.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/estimate.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace recorte::schedule {

struct Agreement {
  std::string kind;
  RunLane lane = RunLane::kBatch;
  std::size_t runs = 0;
  std::size_t told = 0;       ///< of which a time was foretold, and that tell theirs
  std::size_t in_band = 0;    ///< of these: that ended within what was 10 to 90 %
  double typical_factor = 1;  ///< by which half of these were off, at most: 1.2 is 20 %
  std::size_t sized = 0;      ///< of which bytes were foretold
  std::size_t near_size = 0;  ///< of these: within 10 %
  double typical_size_factor = 1;
};

/// By kind and lane.
std::vector<Agreement> agreement(std::span<const Run> runs);

}  // namespace recorte::schedule
