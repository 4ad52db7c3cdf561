// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/openapi_schemas.hpp"

#include "core/job/phase.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;

struct Property {
  std::string_view name, type, help;
  bool nullable = false;
};

constexpr std::array kJob{
    Property{"id", "string", "Unguessable: who knows it may do with the job what its maker may"},
    Property{"url", "string", "Where it is asked for"},
    Property{"uws_url", "string", "The same job, by UWS"},
    Property{"phase", "string", "As UWS has it"},
    Property{"run_id", "string", "Its maker's name for it", true},
    Property{"owner", "string", "Who made it"},
    Property{"created", "string", "Time, UTC"},
    Property{"started", "string", "Time, UTC", true},
    Property{"ended", "string", "Time, UTC", true},
    Property{"quote", "string", "When it is expected to be done, UTC", true},
    Property{"queue", "object",
             "Jobs ahead of it, and when it is expected to begin and to end; null where it is not "
             "in the queue",
             true},
    Property{"place", "integer", "Among your jobs that wait, the higher goes first"},
    Property{"hold", "object", "By whom or what it is HELD, and until when; else null", true},
    Property{"destruction", "string", "When its results go, UTC", true},
    Property{"execution_duration", "integer", "Seconds that it may run; 0: any time"},
    Property{"parameters", "array", "Those of the job, as they were sent"},
    Property{"list", "string", "The name of its list", true},
    Property{"positions", "integer", "Rows of the list, or regions"},
    Property{"products", "integer", "That it makes; 0 until it is planned"},
    Property{"covered", "integer", "Products for which there are images", true},
    Property{"outside", "integer", "Products for which there is none", true},
    Property{"done", "integer", "Products that are done, well or ill"},
    Property{"ok", "integer", "Products that are whole"},
    Property{"partial", "integer", "Products of which images cover a part"},
    Property{"no_coverage", "integer", "Products that no image covers"},
    Property{"failed", "integer", "Products that could not be made"},
    Property{"bytes", "integer", "Of all products"},
    Property{"work_seconds", "number", "That workers spent on it"},
    Property{"error", "object", "Why it ended in ERROR or was aborted", true},
    Property{"links", "object", "Its products, manifests, archives and events"},
};

ordered_json property_json(const Property& property) {
  ordered_json out{{"type", property.type}, {"description", property.help}};
  if (property.nullable) out["nullable"] = true;
  if (property.name == "phase") out["enum"] = job::kPhaseNames;
  if (property.name == "parameters")
    out["items"] = {
        {"type", "object"},
        {"required", {"name", "value"}},
        {"properties", {{"name", {{"type", "string"}}}, {"value", {{"type", "string"}}}}}};
  return out;
}

ordered_json job_schema() {
  ordered_json properties = ordered_json::object();
  auto required = ordered_json::array();
  for (const auto& property : kJob) {
    properties[std::string(property.name)] = property_json(property);
    required.push_back(property.name);
  }
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", std::move(required)},
          {"properties", std::move(properties)}};
}

ordered_json created_schema() {
  auto out = job_schema();
  out["required"].push_back("outside_rows");
  out["properties"]["outside_rows"] = {
      {"type", "array"},
      {"items", {{"type", "integer"}}},
      {"description", "The first thousand rows of the list that no image covers, from 1"}};
  return out;
}

ordered_json page_schema(std::string_view member, const ordered_json& items,
                         std::initializer_list<std::string_view> numbers) {
  ordered_json properties{{std::string(member), {{"type", "array"}, {"items", items}}},
                          {"next",
                           {{"type", "string"},
                            {"nullable", true},
                            {"description", "URL of the next page; null on the last"}}}};
  auto required = ordered_json::array({member, "next"});
  for (const auto number : numbers) {
    properties[std::string(number)] = {{"type", "integer"}};
    required.push_back(number);
  }
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", std::move(required)},
          {"properties", std::move(properties)}};
}

ordered_json quota_schema() {
  const auto standing = [](const char* type, const char* help) {
    return ordered_json{{"type", type}, {"description", help}};
  };
  ordered_json each{
      {"name", standing("string", "The rule, as the configuration names it")},
      {"used", standing("integer", "So far; bytes, seconds or a number")},
      {"limit", standing("integer", "At most")},
      {"left", standing("integer", "Until then")},
      {"renews", standing("string", "When it begins anew, UTC; null: not by itself")}};
  each["renews"]["nullable"] = true;
  auto required = ordered_json::array();
  for (const auto& [name, schema] : each.items()) required.push_back(name);
  return {{"type", "object"},
          {"required", {"user", "quotas"}},
          {"properties",
           {{"user", {{"type", "string"}}},
            {"quotas",
             {{"type", "array"},
              {"description", "One each rule that has a limit for you"},
              {"items",
               {{"type", "object"}, {"required", required}, {"properties", std::move(each)}}}}}}}};
}

ordered_json problem_schema() {
  ordered_json properties = ordered_json::object();
  for (const auto* name : {"type", "title", "code", "detail", "request_id"})
    properties[name] = {{"type", "string"}};
  properties["status"] = {{"type", "integer"}};
  return {{"type", "object"},
          {"required", {"type", "title", "status", "code", "detail", "request_id"}},
          {"properties", std::move(properties)}};
}

ordered_json submission_schema() {
  return {{"type", "object"},
          {"description",
           "Parameters may also stand beside the others, by their names. An array repeats a "
           "parameter; an array in it is one set: [[\"g\", \"r\", \"i\"], [\"z\"]] are two."},
          {"properties",
           {{"parameters", {{"type", "object"}}},
            {"positions",
             {{"type", "array"},
              {"items", {{"type", "object"}}},
              {"description",
               "Objects with ra, dec, an id, and whatever a row has otherwise than the job"}}},
            {"run", {{"type", "boolean"}}},
            {"run_id", {{"type", "string"}}},
            {"execution_duration", {{"type", "integer"}}},
            {"destruction", {{"type", "string"}}},
            {"notify",
             {{"description", "Whom to tell when it ends: a mail address, a URL, or several"}}}}}};
}

}  // namespace

ordered_json openapi_schemas() {
  return {{"Job", job_schema()},
          {"CreatedJob", created_schema()},
          {"JobList", page_schema("jobs", {{"$ref", "#/components/schemas/Job"}}, {})},
          {"ProductPage", page_schema("products", {{"type", "object"}}, {"total", "offset"})},
          {"Quota", quota_schema()},
          {"Submission", submission_schema()},
          {"Problem", problem_schema()}};
}

}  // namespace recorte::api
