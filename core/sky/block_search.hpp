/// The slow road from region to pixels, for images that their region's edge does not bound: those
/// with seams, folds or pixels that are not on the sky.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/edge_trace.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/wcs.hpp"

#include <cstdint>

namespace recorte::sky {

/// Adds every pixel corner of the image that lies in the region. Blocks of pixels whose sky is
/// elsewhere, or which are inside `touched` already, are skipped. Then looks along the sides of the
/// rectangle, where the sky's own border may bulge between two corners (to a sixteenth of a pixel).
void search_blocks(const Stencil& stencil, const Wcs& wcs, std::int64_t width, std::int64_t height,
                   Touched& touched);

}  // namespace recorte::sky
