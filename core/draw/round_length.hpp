/// Which length a scale bar shows: 1, 2 or 5 times a power of ten of seconds, minutes or degrees.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>

namespace recorte::draw {

struct RoundLength {
  double degrees = 0;
  std::string label;  ///< UTF-8, with the sign of the unit: 10″, 2′, 1°
};

/// The longest round length that is not above `longest` degrees, and at most 2.5 times shorter.
/// Below 1′ in seconds, below 1° in minutes, up to 100°. nullopt below 0.001″, above 250° and of
/// NaN.
std::optional<RoundLength> round_length(double longest);

}  // namespace recorte::draw
