/// What `locate` answers: the images of a location, as JSON for people and programs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/locate.hpp"

#include <nlohmann/json_fwd.hpp>

namespace recorte::cutout {

/// {"images": [...], "warnings": [...]}. Of each image: id, release, band, t_min and t_max (MJD),
/// exptime (seconds), planes (names), s_region (the adapter's, else from the WCS), coverage (of the
/// region asked for), file (its name without a directory), width and height (pixels), pixel_scale
/// (degrees, the larger of the two axes). What is not known is null.
nlohmann::json located_json(const Location& location);

}  // namespace recorte::cutout
