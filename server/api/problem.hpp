/// How the API says an error: a JSON object of RFC 9457, with the code that every face shares.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/response.hpp"

namespace recorte::api {

/// {"type": "urn:recorte:error:usage", "title": "Usage", "status": 400, "code": "usage", "detail":
/// "the sentence", "request_id": "…"}. No coverage is 404 here.
http::Response problem(const http::Request& request, const Error& error);
/// The same of a status that no error of ours has, such as 405.
http::Response problem(const http::Request& request, int status, std::string_view code,
                       std::string_view detail);

}  // namespace recorte::api
