/// `/api/v1/jobs`: the same jobs as /async, in JSON.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"
#include "server/service/jobs.hpp"

#include <vector>

namespace recorte::api {

/// The list, the job, what can be done to it, and its files. `jobs` must outlive the handlers.
std::vector<http::Route> job_routes(service::Jobs& jobs);

}  // namespace recorte::api
