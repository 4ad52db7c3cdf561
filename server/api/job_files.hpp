/// A job's products, manifests and archives under /api/v1/jobs/{id}.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"
#include "server/service/jobs.hpp"

#include <vector>

namespace recorte::api {

/// `jobs` must outlive the handlers.
std::vector<http::Route> job_file_routes(service::Jobs& jobs);

}  // namespace recorte::api
