// SPDX-License-Identifier: BSD-3-Clause
//
// What there is to see: the servers of the database, this server's workers, and who may ask it for
// what.
#include "core/base/time.hpp"
#include "server/admin/access_table.hpp"
#include "server/admin/handlers.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::admin {
namespace {

using http::Reply;
using nlohmann::ordered_json;
using Http = std::shared_ptr<const http::Request>;

ordered_json server_json(const service::Switchboard::Server& server) {
  ordered_json out{{"name", server.state.name},
                   {"here", server.here},
                   {"alive", server.alive},
                   {"draining", server.draining},
                   {"seen", iso_time(server.state.seen)}};
  // What it says of itself may be another version's.
  auto state = ordered_json::parse(server.state.state, nullptr, false);
  if (state.is_object()) out.update(state);
  return out;
}

http::Handler servers_handler(service::Switchboard& switchboard) {
  return [&switchboard](const Http& http, const Reply& reply) {
    const auto servers = switchboard.servers();
    if (!servers) return reply(api::problem(*http, servers.error()));
    auto list = ordered_json::array();
    for (const auto& each : *servers) list.push_back(server_json(each));
    reply(api::json_response({{"servers", std::move(list)}}));
  };
}

}  // namespace

std::vector<http::Route> state_routes(const Parts& parts) {
  return {
      {"/api/v1/admin/servers", {"GET"}, {http::Need::kAdmin}, servers_handler(parts.switchboard)},
      {"/api/v1/admin/workers",
       {"GET"},
       {http::Need::kAdmin},
       [workers = parts.workers](const Http&, const Reply& reply) {
         reply(api::json_response(workers()));
       }},
      {"/api/v1/admin/routes",
       {"GET"},
       {http::Need::kAdmin},
       [served = parts.served](const Http&, const Reply& reply) {
         reply(api::json_response(access_table(served())));
       }},
  };
}

}  // namespace recorte::admin
