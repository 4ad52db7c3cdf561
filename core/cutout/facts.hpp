/// What a manifest tells of a product, from what is known before a pixel is read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/request.hpp"
#include "core/cutout/task.hpp"

namespace recorte::cutout {

/// Scale, target pixel, dates, exposure, zero point and unit; `outline` is of the first plane.
void add_facts(const AlgorithmRun& run, const Outline& outline, const CutoutRequest& request,
               Outcome& outcome);

}  // namespace recorte::cutout
