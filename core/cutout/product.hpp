/// Where pixels become a file: an algorithm's outputs, made strip by strip, written as FITS.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/provenance.hpp"
#include "core/cutout/task.hpp"

namespace recorte::cutout {

/// Appends the product to the sink (a seekable descriptor) at its end, and fills what `outcome`
/// says of it. One output gives one primary HDU; several an empty primary and an extension each.
/// `count_masked`: whether it says how much of the first plane is NaN or BLANK, which costs a look
/// at every pixel of it.
Status write_fits(AlgorithmRun& run, const std::vector<Outline>& outlines,
                  const CutoutRequest& request, const Provenance& provenance, const Watch& watch,
                  int sink, bool count_masked, Outcome& outcome);

}  // namespace recorte::cutout
