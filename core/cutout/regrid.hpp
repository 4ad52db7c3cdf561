/// One plane of one located image brought onto another grid, as floats.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/image/resample.hpp"

#include <functional>
#include <span>
#include <vector>

namespace recorte::cutout {

/// Why an image cannot be resampled: it is a cube; "" where it can.
std::string why_not_resampled(const Located& located);

struct Regrid {
  image::Kernel kernel = image::Kernel::kLanczos3;
  bool exact = false;  ///< each pixel is mapped by itself; else to 1e-4 pixel
};

/// The pixels of one role of an input, scaled, at the pixel centres of `rect` on `grid`; NaN where
/// it has none. Where the grid is the image's own but for whole pixels, they are just read; where
/// it is its own with larger pixels, they are averaged over area; else interpolated, with as many
/// points a pixel as the input has pixels in it. Surface brightness is conserved. kCancelled within
/// some ten milliseconds.
Result<plugin::ImageRef> regrid(AlgorithmRun& run, std::size_t input, recorte_role role,
                                const sky::Wcs& grid, const sky::PixelRect& rect,
                                const Regrid& how);

/// For planes whose numbers are not to be mixed: gives `use` the input's nearest pixel, as stored,
/// for every pixel of `rect` on `grid` (x, y from its corner); several times where the grid is
/// coarser. Nothing for pixels off the input.
using UsePixel = std::function<void(std::int64_t x, std::int64_t y, const std::byte* pixel)>;
Status nearest_pixels(AlgorithmRun& run, std::size_t input, recorte_role role, const sky::Wcs& grid,
                      const sky::PixelRect& rect, bool exact, const UsePixel& use);

/// Per pixel of `rect` on `grid`, the area of a pixel of the grid in pixels of the input (its local
/// Jacobian), every `step` pixels across and up; what lies between is to be interpolated. NaN off
/// the input's projection.
struct AreaRatios {
  std::int64_t step = 1, across = 0, up = 0;
  std::vector<double> nodes;  ///< across x up, row by row
  /// Of the first pixels of row y, counted from the corner of `rect`: bilinear.
  void row(std::int64_t y, std::span<double> out) const;
};
AreaRatios area_ratios(const sky::Wcs& grid, const sky::Wcs& input, const sky::PixelRect& rect);

}  // namespace recorte::cutout
