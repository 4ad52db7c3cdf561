// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/quota.hpp"

#include "core/base/time.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"
#include "server/service/product_response.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;

ordered_json standing_json(const quota::Standing& standing) {
  return {
      {"name", standing.name},
      {"used", standing.used},
      {"limit", standing.limit},
      {"left", std::max<std::int64_t>(0, standing.limit - standing.used)},
      {"renews", standing.renews > 0 ? ordered_json(iso_time(standing.renews)) : ordered_json()}};
}

}  // namespace

http::Handler quota_handler(service::Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto asker = service::asker_of(*http, reply);
    const auto standings = jobs.standings(asker);
    if (!standings) return reply(problem(*http, standings.error()));
    auto quotas = ordered_json::array();
    for (const auto& each : *standings) quotas.push_back(standing_json(each));
    reply(json_response({{"user", asker.principal.user}, {"quotas", std::move(quotas)}}));
  };
}

}  // namespace recorte::api
