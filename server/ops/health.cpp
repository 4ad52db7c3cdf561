// SPDX-License-Identifier: BSD-3-Clause
#include "server/ops/health.hpp"

#include <nlohmann/json.hpp>

namespace recorte::ops {

http::Handler health_handler() {
  return [](const std::shared_ptr<const http::Request>&, const http::Reply& reply) {
    reply(http::text_response(200, "text/plain; charset=utf-8", "ok\n"));
  };
}

http::Handler ready_handler(std::function<std::vector<Check>()> checks) {
  return [checks = std::move(checks)](const std::shared_ptr<const http::Request>&,
                                      const http::Reply& reply) {
    nlohmann::ordered_json body{{"ready", true}, {"checks", nlohmann::json::object()}};
    for (const auto& check : checks()) {
      if (!check.trouble.empty() && !check.ready) body["ready"] = false;
      body["checks"][check.name] = check.trouble.empty() ? "ok" : check.trouble;
    }
    reply(http::text_response(body["ready"] ? 200 : 503, "application/json", body.dump(2) + "\n"));
  };
}

}  // namespace recorte::ops
