// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/admin/client.hpp"

#include "core/config/settings_at.hpp"
#include "core/net/unix_http.hpp"

#include <nlohmann/json.hpp>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

}  // namespace

Result<fs::path> socket_of(const fs::path& config, const fs::path& data) {
  const auto settings = config::settings_at(config, data);
  if (!settings) return fail(settings.error());
  return config::admin_socket(*settings);
}

Result<ordered_json> ask_admin(const fs::path& socket, const std::string& method,
                               const std::string& path, const std::string& body) {
  const auto answer = net::ask_unix(socket, {method, "/api/v1/admin/" + path, body});
  if (!answer) return fail(answer.error());
  auto document = ordered_json::parse(answer->body, nullptr, false);
  if (answer->status < 300) {
    if (answer->body.empty()) return ordered_json();
    if (!document.is_discarded()) return document;
  }
  const auto said = [&](const char* member) {
    return document.is_object() && document.contains(member) && document[member].is_string()
               ? document[member].get<std::string>()
               : std::string();
  };
  if (const auto detail = said("detail"); !detail.empty())
    return fail(error_from_name(said("code")), detail);
  return fail(ErrorCode::kUnavailable, "what answers at " + socket.string() +
                                           " is no server of this version: HTTP " +
                                           std::to_string(answer->status));
}

}  // namespace recorte::command
