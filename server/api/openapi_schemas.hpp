/// The JSON that jobs are said in, as schemas of the OpenAPI document.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace recorte::api {

/// "Job", "CreatedJob", "JobList", "ProductPage", "Submission", "Problem".
nlohmann::ordered_json openapi_schemas();

}  // namespace recorte::api
