/// The grid that images are brought onto where several answer, or where the user asks for one of
/// another kind: the finest image's own, as far as that means anything; else an undistorted TAN
/// grid about the middle of the region.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/grid_map.hpp"
#include "core/cutout/locate.hpp"
#include "core/cutout/request.hpp"
#include "core/fits/header.hpp"

#include <optional>
#include <vector>

namespace recorte::cutout {

struct Target {
  sky::Wcs wcs;         ///< its pixels are counted as in `rect`
  fits::Header cards;   ///< its WCS; FITS pixel (1, 1) is pixel (0, 0) of `rect`'s count
  sky::PixelRect rect;  ///< what the region selects
  std::optional<std::size_t> input;  ///< the image whose own grid it is

  /// Of each image: a rectangle of the grid that holds all of it; a part of it that holds all that
  /// lies in `rect`; and, where its pixels are the grid's, what turns the grid's numbers into its
  /// own.
  std::vector<sky::PixelRect> extents, needed;
  std::vector<std::optional<Shift>> shifts;
};

/// The target grid for located images (at least one). A stamp that is not to be trimmed keeps its
/// whole size; other regions end where the images do. kNoCoverage where nothing is left.
Result<Target> make_target(const Location& location, const CutoutRequest& request);

}  // namespace recorte::cutout
