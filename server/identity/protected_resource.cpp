// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/protected_resource.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::identity {

http::Handler protected_resource_handler(std::vector<std::string> issuers) {
  return [issuers = std::move(issuers)](const std::shared_ptr<const http::Request>& http,
                                        const http::Reply& reply) {
    nlohmann::ordered_json out{{"resource", http->base_url},
                               {"resource_name", "Recorte"},
                               {"resource_documentation", http->base_url + "/docs"},
                               {"bearer_methods_supported", {"header"}}};
    if (!issuers.empty()) out["authorization_servers"] = issuers;
    reply(http::text_response(200, "application/json", out.dump(2) + "\n"));
  };
}

}  // namespace recorte::identity
