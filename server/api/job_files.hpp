/// A job's products, manifests and archives under /api/v1/jobs/{id}, and the same for whoever has a
/// link under /api/v1/shared/{id}.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"
#include "server/service/job_links.hpp"
#include "server/service/jobs.hpp"

#include <vector>

namespace recorte::api {

/// `jobs` must outlive the handlers.
std::vector<http::Route> job_file_routes(service::Jobs& jobs);
/// The same of `links`.
std::vector<http::Route> shared_routes(service::Jobs& jobs, service::JobLinks& links);

}  // namespace recorte::api
