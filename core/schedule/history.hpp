/// The port through which runs are remembered (table `run`).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/schedule/estimate.hpp"

#include <cstdint>
#include <vector>

namespace recorte::schedule {

class History {
 public:
  virtual ~History() = default;
  /// A run that is there already stays as it is.
  virtual Status add(const Run& run) = 0;
  /// The last so many of each kind and lane, oldest first.
  virtual Result<std::vector<Run>> latest(std::int64_t of_each_kind) = 0;
  /// Forgets those that ended before.
  virtual Result<std::int64_t> forget(Micros before) = 0;
};

}  // namespace recorte::schedule
