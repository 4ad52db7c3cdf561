/// The page on which the whole interface can be tried: a form an operation, made from the same
/// tables as /openapi.json.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

namespace recorte::page {

http::Response docs(const http::Request& request);

}  // namespace recorte::page
