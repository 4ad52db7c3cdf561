/// What every answer tells a browser, so that nothing served here can be taken for what it is not,
/// nor used from a page elsewhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

namespace recorte::http {

/// X-Content-Type-Options; of a page, also Referrer-Policy, and a Content-Security-Policy that
/// allows nothing, where it has none of its own; where the service is reached by https,
/// Strict-Transport-Security.
void harden(const Request& request, Response& response);

}  // namespace recorte::http
