// SPDX-License-Identifier: BSD-3-Clause
//
// Plugins: seen, taken out of use and back, and taken up anew, with changed survey files and
// settings. Libraries come as files alone.
#include "server/admin/handlers.hpp"
#include "server/admin/reading.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace recorte::admin {
namespace {

using http::Reply;
using nlohmann::ordered_json;
using Http = std::shared_ptr<const http::Request>;

/// Says what came of it, and leaves a line in the log and the trail.
std::function<void(Result<ordered_json>)> say(const Http& http, const Reply& reply,
                                              std::string_view what, const std::string& to) {
  return [http, reply, what, to](const Result<ordered_json>& done) {
    if (!done) return reply(api::problem(*http, done.error()));
    log_act(*http, what, to);
    auto response = api::json_response(*done);
    response.notes.object = to;
    response.notes.detail = what;
    reply(std::move(response));
  };
}

http::Handler reload_handler(const PluginDesk& desk) {
  return [reload = desk.reload](const Http& http, const Reply& reply) {
    if (const auto body = read_body(*http, {}); !body)
      return reply(api::problem(*http, body.error()));
    reload(say(http, reply, "reloaded", "this server"));
  };
}

/// {"version": "1.2.0"} of the body.
Result<PluginName> plugin_of(const http::Request& http, const Result<Body>& body) {
  if (!body) return fail(body.error());
  const auto version = body->text("version");
  if (!version) return fail(ErrorCode::kUsage, R"(name the version: {"version": "1.2.0"})");
  return PluginName{http.capture("id"), *version};
}

http::Handler disable_handler(const PluginDesk& desk) {
  return [disable = desk.disable](const Http& http, const Reply& reply) {
    const auto body = read_body(*http, {"version", "message"});
    const auto plugin = plugin_of(*http, body);
    if (!plugin) return reply(api::problem(*http, plugin.error()));
    const auto message = body->text("message").value_or("");
    disable(*plugin, message.empty() ? "an admin has taken it out of use" : message,
            say(http, reply, "took a plugin out of use", plugin->label()));
  };
}

http::Handler enable_handler(const PluginDesk& desk) {
  return [enable = desk.enable](const Http& http, const Reply& reply) {
    const auto plugin = plugin_of(*http, read_body(*http, {"version"}));
    if (!plugin) return reply(api::problem(*http, plugin.error()));
    enable(*plugin, say(http, reply, "put a plugin into use", plugin->label()));
  };
}

}  // namespace

std::vector<http::Route> plugin_routes(const PluginDesk& desk) {
  const std::string root = "/api/v1/admin/";
  return {
      {root + "reload", {"POST"}, {http::Need::kAdmin, "admin"}, reload_handler(desk)},
      {root + "plugins",
       {"GET"},
       {http::Need::kAdmin},
       [list = desk.list](const Http&, const Reply& reply) { reply(api::json_response(list())); },
       true},
      {root + "plugins/{id}/disable",
       {"POST"},
       {http::Need::kAdmin, "admin"},
       disable_handler(desk)},
      {root + "plugins/{id}/enable", {"POST"}, {http::Need::kAdmin, "admin"}, enable_handler(desk)},
  };
}

}  // namespace recorte::admin
