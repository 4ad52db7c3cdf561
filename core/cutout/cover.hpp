/// Whether there is anything to cut, long before it is cut: from the footprints that the adapter
/// names, without opening an image. Generous at the images' edges, as footprints are.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/catalogue.hpp"
#include "core/cutout/request.hpp"
#include "core/plugin/host.hpp"

#include <string>
#include <vector>

namespace recorte::cutout {

/// A byte an item, in the answer to a batch.
enum class Cover : char { kNone, kCovered, kError };

/// kError where the request would fail whatever the images are: an unknown band, release or image,
/// or images that are not for the caller.
Cover cover(const Survey& survey, const CutoutRequest& request,
            const std::vector<std::string>& groups, const plugin::Call& call, const Watch& watch);

}  // namespace recorte::cutout
