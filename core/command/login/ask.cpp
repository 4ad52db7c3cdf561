// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/login/ask.hpp"

namespace recorte::command {

Result<nlohmann::json> ask_server(const net::JsonCall& call) {
  auto answer = net::call_json(call, {});
  if (!answer) return fail(std::move(answer).error());
  if (answer->status == 204) return nlohmann::json();
  const auto& body = answer->body;
  if (answer->status < 300 && body.is_object()) return std::move(answer->body);
  const auto said = [&](const char* member) -> std::string {
    const bool there = body.is_object() && body.contains(member) && body[member].is_string();
    return there ? body[member].get<std::string>() : "";
  };
  if (const auto detail = said("detail"); !detail.empty())
    return fail(error_from_name(said("code")), detail);
  return fail(ErrorCode::kUnavailable, call.url + " answers " + std::to_string(answer->status) +
                                           " and nothing that this command knows; is that the URL "
                                           "of a Recorte server?");
}

}  // namespace recorte::command
