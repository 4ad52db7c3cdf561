/// How large a product will be, before anything is opened: from the region, the survey's pixel
/// scale, and the numbers of bands and planes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>

namespace recorte::service {

/// Bytes of the product, rounded up rather than down; -1 where the survey's pixel scale is not
/// known. `description`: the survey's (docs/reference/describe.md).
std::int64_t estimated_bytes(const cutout::CutoutRequest& request,
                             const nlohmann::json& description);

}  // namespace recorte::service
