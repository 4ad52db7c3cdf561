/// `/async`: jobs by UWS 1.1, of SODA 1.0's asynchronous cutouts. Every change answers 303; errors
/// are SODA's texts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"
#include "server/service/jobs.hpp"

#include <vector>

namespace recorte::uws {

/// The list, the job, and all of its children. `jobs` must outlive the handlers.
std::vector<http::Route> routes(service::Jobs& jobs);

}  // namespace recorte::uws
