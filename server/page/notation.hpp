/// Positions and angles as people write and read them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/angle.hpp"
#include "core/sky/vector.hpp"

#include <string>
#include <string_view>

namespace recorte::page {

/// Right ascension and declination in one text: "150.1 2.2", "150.1, 2.2", "10:00:24 +02:12:00",
/// "10h00m24s +02d12m00s", "10 00 24 -02 12 00". Names of objects are not looked up, and the error
/// says so.
Result<sky::Position> read_position(std::string_view text);

/// Degrees to 1e-8 (36 microarcseconds): "150.1".
std::string degrees_text(double degrees);
/// "150.1 2.2".
std::string position_text(const sky::Position& position);
/// "10:00:24.00 +02:12:00.0".
std::string sexagesimal_text(const sky::Position& position);

/// In the unit that suits it, to six digits: "1.5arcmin", "30arcsec", "2deg", "64px".
std::string size_text(const Extent& extent);
/// The same for the eye, to four: "1.5′", "30″", "2°", "64 px".
std::string size_label(const Extent& extent);

}  // namespace recorte::page
