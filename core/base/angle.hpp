/// Angles as people write them: "1arcmin", "0.5deg", "64px", "10:00:36.5", "+02 12 21". Degrees
/// come out, or pixels where the unit says so. A size without a unit is refused.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>
#include <string_view>

namespace recorte {

/// A length on the sky, in degrees, or on an image, in its pixels.
struct Extent {
  enum class Unit { kDegree, kPixel };
  double value = 0;
  Unit unit = Unit::kDegree;

  bool operator==(const Extent&) const = default;
};

/// "1arcmin", "2.5 deg", "30arcsec", "64px" (also ', ", °). Refuses a missing or unknown unit, NaN,
/// infinity and anything not above zero.
Result<Extent> parse_extent(std::string_view text);
/// Exact text that parse_extent reads back to the same value: "0.016666666666666666deg", "64px".
std::string extent_text(const Extent& extent);

/// Right ascension in degrees [0, 360]: "150.1", "10:00:24", "10h00m24s", "10 00 24" (the last
/// three in hours).
Result<double> parse_ra(std::string_view text);
/// Declination in degrees [-90, 90]: "2.2", "-02:12:00", "-2d12m00s".
Result<double> parse_dec(std::string_view text);

}  // namespace recorte
