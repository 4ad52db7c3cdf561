/// GET /api/v1/quota: what the caller may use, and has used.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/service/jobs.hpp"

namespace recorte::api {

/// `jobs` must outlive it.
http::Handler quota_handler(service::Jobs& jobs);

}  // namespace recorte::api
