/// Where pixels become a file: an algorithm's outputs, made strip by strip, written as FITS.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/product_sink.hpp"
#include "core/cutout/provenance.hpp"
#include "core/cutout/task.hpp"

namespace recorte::cutout {

/// Appends the product to the sink (a seekable descriptor) at its end, and fills what `outcome`
/// says of it. One output gives one primary HDU; several an empty primary and an extension each.
Status write_fits(AlgorithmRun& run, const std::vector<Outline>& outlines,
                  const CutoutRequest& request, const Provenance& provenance, const Watch& watch,
                  ProductSink& sink, Outcome& outcome);

}  // namespace recorte::cutout
