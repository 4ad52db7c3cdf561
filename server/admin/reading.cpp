// SPDX-License-Identifier: BSD-3-Clause
#include "server/admin/reading.hpp"

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace recorte::admin {
namespace {

constexpr std::size_t kLongestMessage = 500;

}  // namespace

service::Asker admin_of(const http::Request& request, const http::Reply& reply) {
  return {request.principal, request.id, reply.gone(), true};
}

std::optional<std::string> Body::text(std::string_view name) const {
  const auto at = texts.find(name);
  return at == texts.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::int64_t> Body::number(std::string_view name) const {
  const auto at = numbers.find(name);
  return at == numbers.end() ? std::nullopt : std::optional(at->second);
}

Result<Body> read_body(const http::Request& request, const std::vector<std::string>& known) {
  Body out;
  if (trim(request.body).empty()) return out;
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object())
    return fail(ErrorCode::kUsage, "the body is no JSON object, such as {\"" +
                                       (known.empty() ? "" : known.front()) + "\": …}");
  for (const auto& [name, value] : body.items()) {
    if (std::ranges::find(known, name) == known.end())
      return fail(ErrorCode::kUsage,
                  "unknown member '" + good_utf8(name.substr(0, 60)) + "'; " +
                      (known.empty() ? std::string("there is none") : "use " + join(known, ", ")));
    if (value.is_string())
      out.texts.emplace(name, value.get<std::string>());
    else if (value.is_number_integer())
      out.numbers.emplace(name, value.get<std::int64_t>());
    else if (!value.is_null())
      return fail(ErrorCode::kUsage, "'" + name + "' is neither a text nor a whole number");
  }
  return out;
}

Result<std::string> read_message(const http::Request& request) {
  const auto body = read_body(request, {"message"});
  if (!body) return fail(body.error());
  const auto message = body->text("message").value_or("");
  if (message.size() > kLongestMessage)
    return fail(ErrorCode::kUsage, "the message has " + std::to_string(message.size()) +
                                       " bytes, and may have " + std::to_string(kLongestMessage));
  if (std::ranges::any_of(message, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
    return fail(ErrorCode::kUsage, "the message is not one line of text");
  return std::string(trim(message));
}

void log_act(const http::Request& request, std::string_view what, std::string_view to) {
  log::write(log::Level::kInfo, "an admin did: " + std::string(what),
             {{"user", request.principal.user}, {"to", to}, {"request_id", request.id}});
}

}  // namespace recorte::admin
