/// Fewer, larger pixels: averages over areas of an image, for grids that are the image's own, only
/// coarser.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/image/resample.hpp"

#include <cstdint>
#include <span>

namespace recorte::image {

/// From the pixels of a coarse axis to those of a fine one: centre i is at scale * i + shift, and a
/// pixel spans `scale` (>= 1) fine ones.
struct Coarser {
  double scale = 1, shift = 0;
  double begin(std::int64_t i) const { return scale * (static_cast<double>(i) - 0.5) + shift; }
  double end(std::int64_t i) const { return begin(i + 1); }
};

/// Coarse pixels [x0, x0 + out.size()) of coarse row y: each the mean over its area, fine pixels
/// counted by the part of them inside. NaN counts for nothing; NaN where there is nothing else.
void average_row(const Patch& patch, const Coarser& across, const Coarser& up, std::int64_t x0,
                 std::int64_t y, std::span<float> out);

}  // namespace recorte::image
