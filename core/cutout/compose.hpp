/// How FITS is made of what was located, where the request names no algorithm: cut from one image,
/// stitched from several that share a grid, or resampled onto one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/locate.hpp"
#include "core/cutout/target.hpp"

#include <optional>
#include <string>

namespace recorte::cutout {

struct Composition {
  std::string algorithm;         ///< "cut", "stitch" or "mosaic"
  std::optional<Target> target;  ///< of the latter two
};

/// One image a band and no word of resampling: cut. Several that share a grid, a zero point and a
/// type: stitch. Else mosaic. Where several cannot be combined (zero points that are not known,
/// units that differ, cubes), the best alone is cut: the others leave the location, and a warning
/// says why.
Result<Composition> compose(Location& location, const CutoutRequest& request, ImageCache& cache);

/// Why these images, with the planes asked for, cannot be stitched; "" where they can.
std::string not_stitched(const Location& location, const Target& target,
                         const CutoutRequest& request, ImageCache& cache);

}  // namespace recorte::cutout
