/// How large a product will be, before anything is opened: from the region, the survey's pixel
/// scale, and the numbers of bands and planes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace recorte::service {

/// Bytes of the product, rounded up rather than down; -1 where the survey's pixel scale is not
/// known. `description`: the survey's (docs/reference/describe.md).
std::int64_t estimated_bytes(const cutout::CutoutRequest& request,
                             const nlohmann::json& description);

/// What estimates of time are learnt by and made of (core/schedule/estimate.hpp).
struct Features {
  std::string kind;   ///< "demo cut fits"
  double pixels = 0;  ///< of all planes, before compression; those of a whole image are not known
  double plane = 0;   ///< of one of them
};

/// `description`: the survey's; null where it has none. FITS without an algorithm is "auto": what
/// it is made by is known when its images are.
Features features_of(const cutout::CutoutRequest& request, const nlohmann::json* description);

}  // namespace recorte::service
