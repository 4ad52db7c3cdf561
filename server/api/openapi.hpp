/// The interface as an OpenAPI 3.0 document, made from the routes that are served, the table of
/// operations and the table of parameters.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

namespace recorte::api {

/// Method and pattern.
using Served = std::vector<std::pair<std::string, std::string>>;
/// Of all routes, pages and their files aside.
Served served(const std::vector<http::Route>& routes);

/// `base_url`: the service's. An operation that the table does not know has an empty summary.
nlohmann::ordered_json openapi(const Served& served, const std::string& base_url);

/// GET /openapi.json.
http::Handler openapi_handler(Served served);

}  // namespace recorte::api
