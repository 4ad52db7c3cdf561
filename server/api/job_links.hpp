/// POST and DELETE of /api/v1/jobs/{id}/link: links to a job's results are made, and ended.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"
#include "server/service/job_links.hpp"

#include <vector>

namespace recorte::api {

/// `links` must outlive the handlers.
std::vector<http::Route> job_link_routes(service::JobLinks& links);

}  // namespace recorte::api
