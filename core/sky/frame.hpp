/// From the celestial frame of a FITS header to ICRS and back: FK5 and FK4 of any equinox,
/// galactic, mean ecliptic. Longitudes and latitudes in degrees.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/sky/vector.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace recorte::sky {

class Frame {
 public:
  /// `longitude` is the axis type (RA, GLON, ELON), `radesys` and `equinox` (years) what the header
  /// says, where it says it; else the defaults of FITS 4.0, 8.3 apply. An ecliptic is that of the
  /// reference system: of FK5 and FK4 at the equinox, of ICRS at J2000 (IAU 2006). kData for frames
  /// that have no fixed place on the sky (solar, terrestrial, …).
  static Result<Frame> make(std::string_view longitude, std::string_view radesys,
                            std::optional<double> equinox);

  bool identity() const { return identity_; }
  /// In place, interleaved. NaN passes through.
  void to_icrs(std::span<double> lonlat) const;
  void from_icrs(std::span<double> lonlat) const;

 private:
  using Matrix = std::array<Vector, 3>;

  bool identity_ = true;
  Matrix to_icrs_{}, from_icrs_{};   ///< rows
  std::optional<Vector> e_terms_{};  ///< FK4: the elliptic terms of aberration
};

}  // namespace recorte::sky
