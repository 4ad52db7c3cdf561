/// The parameters an algorithm runs with: the user's over the survey's over the defaults of its
/// schema.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/request.hpp"

#include <nlohmann/json_fwd.hpp>

namespace recorte::cutout {

/// Text from the user becomes the type that the schema gives the property (numbers, booleans, lists
/// split at commas). The survey's are those of [colour.ALGORITHM] in its file; its rgb counts only
/// where the user named neither bands nor an image, and the survey has these bands. kUsage names an
/// unknown parameter and those there are, or the value that the schema refuses.
Result<nlohmann::json> algorithm_params(const Algorithm& algorithm, const Survey& survey,
                                        const CutoutRequest& request);

}  // namespace recorte::cutout
