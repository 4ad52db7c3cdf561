/// Where a product goes, and whether it was that place that failed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

namespace recorte::cutout {

struct ProductSink {
  int fd = -1;
  /// Whether it is told how much of the first plane is NaN or BLANK, which costs a look at every
  /// pixel of it.
  bool count_masked = false;
  bool failed = false;  ///< has no room, say

  /// Passes on what a writer to it said.
  Status written(Status status) {
    if (!status && status.error().code == ErrorCode::kUnavailable) failed = true;
    return status;
  }
};

}  // namespace recorte::cutout
