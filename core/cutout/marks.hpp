/// What a request asks to be drawn onto its picture, placed: where north is, how long an arcsecond
/// is, where the position lies.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/request.hpp"
#include "core/draw/annotation.hpp"

#include <optional>

namespace recorte::cutout {

/// nullopt where nothing is asked for.
Result<std::optional<draw::Overlay>> marks_on(AlgorithmRun& run, const Outline& outline,
                                              const CutoutRequest& request);

}  // namespace recorte::cutout
