/// Blanks what lies outside the region asked for, strip by strip.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/request.hpp"
#include "core/sky/stencil_rows.hpp"

#include <optional>

namespace recorte::cutout {

class Outside {
 public:
  /// Does nothing unless the request asks for it. kData where no value is left to mark pixels.
  static Result<Outside> make(AlgorithmRun& run, const Outline& outline,
                              const CutoutRequest& request);
  /// Pixels of rows [y, y + strip.height) of the outline's grid that lie outside become NaN or
  /// BLANK; in a picture 0, the last plane too where that is its alpha.
  void blank(recorte_image& strip, std::int64_t y) const;

 private:
  std::optional<sky::StencilRows> rows_;
  std::int64_t x_ = 0, blank_ = 0;
};

}  // namespace recorte::cutout
