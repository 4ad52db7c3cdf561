// SPDX-License-Identifier: BSD-3-Clause
//
// Changed plugins, survey files and settings, taken up by the running server.
#include "server/admin/handlers.hpp"
#include "server/admin/reading.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace recorte::admin {

std::vector<http::Route> reload_routes(const Parts& parts) {
  auto handler = [reload = parts.reload](const std::shared_ptr<const http::Request>& http,
                                         const http::Reply& reply) {
    if (const auto body = read_body(*http, {}); !body)
      return reply(api::problem(*http, body.error()));
    reload([http, reply](const Result<nlohmann::ordered_json>& done) {
      if (!done) return reply(api::problem(*http, done.error()));
      log_act(*http, "reloaded", "this server");
      reply(api::json_response(*done));
    });
  };
  return {{"/api/v1/admin/reload", {"POST"}, {http::Need::kAdmin, "admin"}, std::move(handler)}};
}

}  // namespace recorte::admin
