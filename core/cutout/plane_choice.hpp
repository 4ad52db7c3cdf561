/// Which planes of a cube a request means: by wavelength, polarization and time, where the image
/// has such axes; all of them otherwise.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/request.hpp"
#include "core/sky/plane_axes.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace recorte::cutout {

/// A run of planes on each axis after the second.
struct PlaneChoice {
  std::vector<std::int64_t> first, count;  ///< planes, from 0
  std::vector<std::int64_t> length;        ///< of the whole axes

  static PlaneChoice all(std::vector<std::int64_t> lengths);
  /// The first axes only.
  void keep(std::size_t axes);
  /// The product of the counts.
  std::int64_t planes() const;
  /// The number in the whole cube of the n-th chosen plane, the third axis running fastest.
  std::int64_t plane(std::int64_t n) const;
};

/// The shortest runs that hold every plane asked for; nullopt where there is none. An image without
/// a Stokes axis holds I. `has_wavelength`: the image's band is known to meet the wavelengths asked
/// for; else its spectral axis must.
std::optional<PlaneChoice> choose_planes(const std::vector<sky::PlaneAxis>& axes,
                                         const CutoutRequest& request, bool has_wavelength);

}  // namespace recorte::cutout
