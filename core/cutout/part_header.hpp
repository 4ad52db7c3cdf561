/// The header of one part of a product: its parent's, for the pixels that it has, on the grid that
/// it has.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/request.hpp"
#include "core/fits/header.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recorte::cutout {

/// The WCS of an outline's pixels, its own corner as FITS pixel (1, 1).
Result<fits::Header> grid_header(AlgorithmRun& run, const Outline& outline);
/// All of the part's cards but those of its layout. `name`: EXTNAME, "" for none.
Result<fits::Header> part_header(AlgorithmRun& run, const Outline& outline,
                                 const CutoutRequest& request, const std::string& name);
/// NAXIS1, NAXIS2 and, of cubes and pictures, further axes.
Result<std::vector<std::int64_t>> axes_of(AlgorithmRun& run, const Outline& outline);
/// EXTNAME of each part: the algorithm's name for it, else the band where there are several bands,
/// else the parent's EXTNAME where those tell the parts apart, else the plane. Repeated ones are
/// told apart by EXTVER.
std::vector<std::string> names_of(AlgorithmRun& run, const std::vector<Outline>& outlines);

/// Whether some of an outline's pixels have no image under them, or are to be blanked.
bool may_be_blank(const AlgorithmRun& run, const Outline& outline, const CutoutRequest& request);

}  // namespace recorte::cutout
