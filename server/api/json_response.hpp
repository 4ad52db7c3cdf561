/// A JSON document as an answer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/response.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace recorte::api {

/// Indented, for people read it too; what is no UTF-8 (a plugin's or a client's) is replaced.
http::Response json_response(const nlohmann::ordered_json& body, int status = 200,
                             std::string_view content_type = "application/json");

}  // namespace recorte::api
