/// What WebDataset gets beside the pixels of a row, and how its files are called: `key.g.fits`,
/// `key.json`.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/command/front/manifest.hpp"
#include "core/command/front/position_list.hpp"
#include "core/cutout/task.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace recorte::command {

/// The centre of a stamp or a circle, ICRS degrees; NaN of any other region.
sky::Position centre_of(const cutout::CutoutRequest& request);
/// ".g" of a FITS product of the one band g, else "".
std::string band_part(const cutout::CutoutRequest& request);
/// row (from 1), id, ra, dec (null where there is no centre), survey, status, bands, images,
/// coverage, warnings, request: JSON in one line.
std::string sample_text(std::size_t row, const PositionList& list,
                        const cutout::CutoutRequest& request,
                        std::span<const cutout::Outcome> parts, const RowOutcome& outcome);

}  // namespace recorte::command
