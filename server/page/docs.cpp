// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/docs.hpp"

#include "core/base/text.hpp"
#include "server/api/operations.hpp"
#include "server/page/files.hpp"
#include "server/page/fill.hpp"
#include "server/page/prefix.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace recorte::page {
namespace {

using nlohmann::json;

/// The page's own script alone, which may ask this server alone.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

json captures_json(std::string_view path) {
  json out = json::array();
  for (const auto& segment : split(path, '/'))
    if (segment.starts_with('{')) out.push_back({{"name", segment.substr(1, segment.size() - 2)}});
  return out;
}

std::string curl_command(const api::Operation& operation, const std::string& base_url) {
  std::string out = "curl -sS";
  if (operation.method != "GET") out += " -X " + std::string(operation.method);
  if (api::takes_list(operation.takes)) out += " -F UPLOAD=@positions.csv";
  for (const auto& field : api::fields_of(operation.takes)) {
    if (!field.required) continue;
    out += operation.method == "GET" ? " -G --data-urlencode '" : " -F '";
    out += std::string(field.name) + "=" + std::string(field.example) + "'";
  }
  return out + " '" + base_url + std::string(operation.path) + "'";
}

json operation_json(const api::Operation& operation, const std::string& base_url,
                    const std::string& prefix) {
  json fields = json::array();
  for (const auto& field : api::fields_of(operation.takes))
    fields.push_back({{"name", field.name}, {"help", field.help}, {"example", field.example}});
  const bool post = operation.method == "POST";
  return {{"method", operation.method},
          {"path", operation.path},
          {"summary", operation.summary},
          {"action", prefix + std::string(operation.path)},
          {"form_method", post ? "post" : "get"},
          {"enctype", post ? "multipart/form-data" : "application/x-www-form-urlencoded"},
          {"captures", captures_json(operation.path)},
          {"fields", std::move(fields)},
          {"list", api::takes_list(operation.takes)},
          {"curl", curl_command(operation, base_url)}};
}

}  // namespace

http::Response docs(const http::Request& request) {
  const auto prefix = prefix_of(request.base_url);
  json operations = json::array();
  for (const auto& operation : api::operations())
    operations.push_back(operation_json(operation, request.base_url, prefix));
  auto response = http::text_response(
      200, "text/html; charset=utf-8",
      fill(kDocsHtml, json{{"prefix", prefix}, {"operations", std::move(operations)}}));
  response.headers.set("Content-Security-Policy", std::string(kContentPolicy));
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

}  // namespace recorte::page
