// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/openapi.hpp"

#include "core/base/text.hpp"
#include "core/base/version.hpp"
#include "server/api/json_response.hpp"
#include "server/api/openapi_schemas.hpp"
#include "server/api/operations.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 14> kPages{"/",
                                                  "/docs",
                                                  "/docs.js",
                                                  "/style.css",
                                                  "/favicon.svg",
                                                  "/plugins/{id}",
                                                  "/login",
                                                  "/login/start/{provider}",
                                                  "/login/callback/{provider}",
                                                  "/logout",
                                                  "/account",
                                                  "/account/tokens",
                                                  "/account/tokens/{id}/revoke",
                                                  "/account/sessions/{id}/end"};

ordered_json text_schema(const Field& field) {
  ordered_json text{{"type", "string"}};
  return field.repeatable ? ordered_json{{"type", "array"}, {"items", text}} : text;
}

ordered_json query_parameter(const Field& field) {
  ordered_json out{{"name", field.name},
                   {"in", "query"},
                   {"description", field.help},
                   {"required", field.required},
                   {"schema", text_schema(field)}};
  // Of what may be repeated, one value.
  if (!field.example.empty())
    out["example"] =
        field.repeatable ? ordered_json::array({field.example}) : ordered_json(field.example);
  return out;
}

/// The {names} of a pattern.
std::vector<std::string> path_names(std::string_view path) {
  std::vector<std::string> out;
  for (const auto& segment : split(path, '/'))
    if (segment.starts_with('{')) out.push_back(segment.substr(1, segment.size() - 2));
  return out;
}

ordered_json body_of(Takes takes) {
  ordered_json properties = ordered_json::object();
  for (const auto& field : fields_of(takes)) {
    properties[std::string(field.name)] = text_schema(field);
    properties[std::string(field.name)]["description"] = field.help;
  }
  auto with_list = properties;
  with_list["UPLOAD"] = {{"type", "string"},
                         {"format", "binary"},
                         {"description", "A list: CSV, VOTable, FITS table or JSON"}};
  ordered_json content;
  content["application/x-www-form-urlencoded"]["schema"] = {{"type", "object"},
                                                            {"properties", properties}};
  content["multipart/form-data"]["schema"] = {
      {"type", "object"}, {"properties", takes_list(takes) ? with_list : properties}};
  if (takes == Takes::kJob || takes == Takes::kEstimate) {
    content["application/json"]["schema"] = {{"$ref", "#/components/schemas/Submission"}};
    for (const auto* type : {"text/csv", "application/x-votable+xml", "application/fits"})
      content[type]["schema"] = {{"type", "string"}, {"format", "binary"}};
  }
  return {{"content", std::move(content)}};
}

ordered_json answers_of(const Operation& operation) {
  ordered_json answer{{"description", operation.status == 303   ? "See the job"
                                      : operation.status == 204 ? "Done"
                                                                : "The answer"}};
  if (operation.status == 303)
    answer["headers"]["Location"]["schema"] = {{"type", "string"}, {"format", "uri"}};
  if (!operation.answer.empty()) {
    auto& schema = answer["content"][std::string(operation.answer)]["schema"];
    if (!operation.schema.empty())
      schema = {{"$ref", "#/components/schemas/" + std::string(operation.schema)}};
    else if (operation.answer == "application/json")
      schema = {{"type", "object"}};
    else
      schema = {{"type", "string"}};
  }
  ordered_json error{{"description", "What is wrong, and what to write instead"}};
  if (operation.path.starts_with("/api/"))
    error["content"]["application/problem+json"]["schema"] = {
        {"$ref", "#/components/schemas/Problem"}};
  else
    error["content"]["text/plain"]["schema"] = {{"type", "string"}};
  return {{std::to_string(operation.status), std::move(answer)}, {"default", std::move(error)}};
}

ordered_json operation_json(const Operation& operation) {
  ordered_json out{{"summary", operation.summary}};
  auto parameters = ordered_json::array();
  for (const auto& name : path_names(operation.path))
    parameters.push_back(
        {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  // Those of a POST count in its query too.
  for (const auto& field : fields_of(operation.takes)) {
    parameters.push_back(query_parameter(field));
    if (operation.method == "POST") parameters.back()["required"] = false;
  }
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (operation.method == "POST" && operation.takes != Takes::kNothing)
    out["requestBody"] = body_of(operation.takes);
  out["responses"] = answers_of(operation);
  return out;
}

Operation find_operation(const std::string& method, const std::string& path) {
  for (const auto& operation : operations())
    if (operation.method == method && operation.path == path) return operation;
  return {method, path, "", Takes::kNothing, "", 200, ""};
}

}  // namespace

Served served(const std::vector<http::Route>& routes) {
  Served out;
  for (const auto& route : routes)
    for (const auto& method : route.methods)
      if (std::ranges::find(kPages, route.pattern) == kPages.end())
        out.emplace_back(method, route.pattern);
  return out;
}

ordered_json openapi(const Served& served, const std::string& base_url) {
  ordered_json paths = ordered_json::object();
  for (const auto& [method, path] : served)
    paths[path][lower(method)] = operation_json(find_operation(method, path));
  return {{"openapi", "3.0.3"},
          {"info",
           {{"title", "Recorte"},
            {"version", version()},
            {"description",
             "Cutouts of sky images: one in an answer, or a hundred thousand in a job."}}},
          {"servers", ordered_json::array({{{"url", base_url}}})},
          {"paths", std::move(paths)},
          {"components", {{"schemas", openapi_schemas()}}}};
}

http::Handler openapi_handler(Served served) {
  return [served = std::move(served)](const std::shared_ptr<const http::Request>& http,
                                      const http::Reply& reply) {
    reply(json_response(openapi(served, http->base_url)));
  };
}

}  // namespace recorte::api
