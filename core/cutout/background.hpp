/// The constants that level the images of a band where they overlap.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"

#include <functional>
#include <vector>

namespace recorte::cutout {

/// What is to be added to each of `inputs` (numbers of the run's), after its flux is scaled, so
/// that overlapping ones agree: the median of the differences in each overlap, by blocks of pixels
/// spread over it, then least squares over all overlaps, each counted by its pixels; the first
/// stays as it is, as does what overlaps with nothing. `values` gives scaled pixels of an input on
/// the target grid.
using ScaledPixels =
    std::function<Result<plugin::ImageRef>(std::size_t input, const sky::PixelRect& rect)>;
Result<std::vector<double>> background_offsets(const Target& target,
                                               const std::vector<std::size_t>& inputs,
                                               const ScaledPixels& values);

}  // namespace recorte::cutout
