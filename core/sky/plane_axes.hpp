/// What the axes of an image beyond the two celestial ones mean, so that planes can be chosen by
/// wavelength, polarization and time. Spectral axes by WCSLIB (FITS paper III; AIPS's 'VELO-LSR'
/// too), times by FITS paper IV, Stokes codes by the FITS Standard 4.0, table 29. No state.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::sky {

struct PlaneAxis {
  enum class Kind { kSpectral, kStokes, kTime, kOther };
  Kind kind = Kind::kOther;
  std::string ctype;  ///< CTYPE as the header has it, "" where it has none
  std::int64_t length = 1;
  /// Per plane, its edges half a pixel either side of its centre, low <= high. Spectral: vacuum
  /// wavelength in metres. Time: MJD in the header's time scale, UTC where it names none. Stokes:
  /// low == high == the FITS code. Other: the world value in the header's unit. NaN where the plane
  /// has no such value (a velocity without a rest frequency, a coordinate out of its domain).
  std::vector<double> low, high;
};

/// Planes of one axis whose values are held at most.
inline constexpr std::int64_t kMaxPlanes = std::int64_t{1} << 24;

/// One for each axis from the third on. `cards` are FITS header cards of 80 characters each, end to
/// end, without END; `axes` the lengths NAXIS1, NAXIS2, … An axis that cannot be read, or whose
/// value differs from place to place on the plane, is kOther with NaN. kTooLarge beyond kMaxPlanes.
Result<std::vector<PlaneAxis>> plane_axes(std::string_view cards,
                                          std::span<const std::int64_t> axes);

/// The FITS code of one of ObsCore's polarization states, any case: I 1, Q 2, U 3, V 4, RR -1, LL
/// -2, RL -3, LR -4, XX -5, YY -6, XY -7, YX -8. ObsCore's POLI and POLA have none.
std::optional<int> stokes_code(std::string_view state);
/// The state of a FITS code, in upper case.
std::optional<std::string_view> stokes_state(int code);

}  // namespace recorte::sky
