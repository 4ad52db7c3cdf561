// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_submission.hpp"

#include "core/base/text.hpp"
#include "server/api/json_members.hpp"
#include "server/service/job_submission.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::api {
namespace {

using nlohmann::json;
using service::Submission;

/// What a list is called that came without a name.
constexpr std::string_view kBody = "the list";

Status take(Submission& out, const std::string& given, std::string value) {
  const auto name = lower(given);
  if (name == "run") {
    if (value != "true" && value != "false")
      return fail(ErrorCode::kUsage,
                  "run '" + value.substr(0, 60) + "' is neither; write true or false");
    out.run = value == "true";
    return {};
  }
  if (name == "run_id") return service::set_run_id(out, value);
  if (name == "execution_duration") return service::set_execution(out, value);
  if (name == "destruction") return service::set_destruction(out, value);
  out.parameters.push_back({given, std::move(value)});
  return {};
}

Status take_all(Submission& out, const std::vector<http::Parameter>& parameters) {
  for (const auto& [name, value] : parameters)
    if (!trim(value).empty()) RECORTE_TRY(take(out, name, value));
  return {};
}

tl::unexpected<Error> no_value(const std::string& name, const json& value) {
  return fail(ErrorCode::kUsage, "the value of " + name + ", " + value.dump().substr(0, 60) +
                                     ", is none of a parameter; write a text, a number, or an "
                                     "array of these for several");
}

/// A text, a number, true or false, as it is written in a query.
Result<std::string> scalar(const std::string& name, const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return no_value(name, value);
}

/// ["g", "r"] is g,r: one set.
Result<std::string> set_of(const std::string& name, const json& value) {
  if (!value.is_array()) return scalar(name, value);
  std::vector<std::string> parts;
  for (const auto& part : value) {
    auto text = scalar(name, part);
    if (!text) return text;
    parts.push_back(std::move(*text));
  }
  return join(parts, ",");
}

/// An array repeats the parameter; an object, as of `param`, is name=value each.
Status take_json(Submission& out, const std::string& name, const json& value) {
  if (value.is_null()) return {};
  if (value.is_object()) {
    for (const auto& [key, of_key] : value.items()) {
      auto text = scalar(name, of_key);
      if (!text) return fail(std::move(text).error());
      RECORTE_TRY(take(out, name, key + "=" + *text));
    }
    return {};
  }
  const auto take_one = [&](const json& each) -> Status {
    auto text = set_of(name, each);
    if (!text) return fail(std::move(text).error());
    return take(out, name, std::move(*text));
  };
  if (!value.is_array()) return take_one(value);
  for (const auto& each : value) RECORTE_TRY(take_one(each));
  return {};
}

Status take_object(Submission& out, std::string_view body) {
  const auto members = json_members(body);
  if (!members) return fail(members.error());
  for (const auto& [name, text] : *members) {
    if (name == "positions") {
      if (!text.starts_with('['))
        return fail(ErrorCode::kUsage,
                    R"("positions" is no array; write [{"ra": 150.1, "dec": 2.2}, ...])");
      if (!out.list_name.empty())
        return fail(ErrorCode::kMultiValued, "positions are given twice; a job has one list");
      out.list = std::string(text);
      out.list_name = name;
      continue;
    }
    const auto value = json::parse(text);
    if (name != "parameters") {
      RECORTE_TRY(take_json(out, name, value));
    } else if (!value.is_object()) {
      return fail(ErrorCode::kUsage, R"("parameters" is no object; write {"survey": "demo"})");
    } else {
      for (const auto& [key, of_key] : value.items()) RECORTE_TRY(take_json(out, key, of_key));
    }
  }
  return {};
}

std::string type_of(const http::Request& request) {
  const auto* type = request.headers.find("Content-Type");
  return type ? lower(trim(std::string_view(*type).substr(0, type->find(';')))) : "";
}

bool is_form(std::string_view type) {
  return type == "multipart/form-data" || type == "application/x-www-form-urlencoded";
}

}  // namespace

Result<Submission> read_submission(const http::Request& request) {
  Submission out;
  out.face = job::Face::kApi;
  out.run = true;
  auto parameters = request.parameters;
  const auto type = type_of(request);
  const auto body = trim(request.body);
  if (is_form(type)) {
    RECORTE_TRY(service::take_upload(parameters, out));
  } else if (type == "application/json" && body.starts_with('{')) {
    RECORTE_TRY(take_object(out, request.body));
  } else if (!body.empty()) {
    out.list = request.body;
    out.list_name = kBody;
  }
  RECORTE_TRY(take_all(out, parameters));
  RECORTE_TRY(service::check_parameters(out.parameters, request.most_parameters));
  return out;
}

}  // namespace recorte::api
