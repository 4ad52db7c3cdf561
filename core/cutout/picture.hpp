/// Where pixels become a picture: the one 8-bit output of an algorithm as PNG or JPEG.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/product_sink.hpp"
#include "core/cutout/provenance.hpp"
#include "core/cutout/task.hpp"

namespace recorte::cutout {

/// Appends the picture to the sink (a seekable descriptor), north up where the grid has it so: the
/// first row is the topmost. The marks that the request asks for are drawn on it. JPEG has no
/// transparency: what has no value is black.
Status write_picture(AlgorithmRun& run, const std::vector<Outline>& outlines,
                     const CutoutRequest& request, const Provenance& provenance, const Watch& watch,
                     ProductSink& sink, Outcome& outcome);

}  // namespace recorte::cutout
