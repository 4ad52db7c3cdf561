/// Fewer, larger pixels: averages over areas of an image, for grids that are the image's own, only
/// coarser.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/image/resample.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace recorte::image {

/// From the pixels of a coarse axis to those of a fine one: centre i is at scale * i + shift, and a
/// pixel spans `scale` (>= 1) fine ones.
struct Coarser {
  double scale = 1, shift = 0;
  double begin(std::int64_t i) const { return scale * (static_cast<double>(i) - 0.5) + shift; }
  double end(std::int64_t i) const { return begin(i + 1); }
};

/// Coarse pixels [x0, x0 + pixels) of coarse row y, out of any number of patches of fine ones that
/// do not overlap.
class AreaRow {
 public:
  AreaRow(const Coarser& across, const Coarser& up, std::int64_t x0, std::int64_t y,
          std::size_t pixels);
  void add(const Patch& patch);
  /// Each the mean over its area, fine pixels counted by the part of them inside. NaN counts for
  /// nothing; NaN where there is nothing else.
  void result(std::span<float> out) const;

 private:
  Coarser across_, up_;
  std::int64_t x0_, y_;
  std::vector<double> sum_, weight_;
};

}  // namespace recorte::image
