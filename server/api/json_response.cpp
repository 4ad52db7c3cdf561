// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/json_response.hpp"

#include <nlohmann/json.hpp>

namespace recorte::api {

http::Response json_response(const nlohmann::ordered_json& body, int status,
                             std::string_view content_type) {
  return http::text_response(
      status, content_type,
      body.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace recorte::api
