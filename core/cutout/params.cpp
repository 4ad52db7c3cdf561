// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/params.hpp"

#include "core/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace recorte::cutout {
namespace {

using nlohmann::json;

/// As the schema of a property has it, whose `type` is a name, or a list of names.
json typed(const std::string& text, const json& property) {
  const auto type = property.is_object() ? property.value("type", json()) : json();
  const auto may_be = [&](const char* name) {
    return type == name ||
           (type.is_array() && std::find(type.begin(), type.end(), name) != type.end());
  };
  if (may_be("number") || may_be("integer")) {
    if (const auto integer = to_int(text)) return *integer;
    if (const auto number = to_double(text); number && std::isfinite(*number)) return *number;
  }
  if (may_be("boolean") && (text == "true" || text == "false")) return text == "true";
  if (may_be("array")) {
    json out = json::array();
    for (const auto& part : split(text, ','))
      out.push_back(typed(part, property.value("items", json())));
    return out;
  }
  return text;  // the schema refuses it where it is no string
}

/// Whether the survey has them all: of a part of one, an adapter's usual colours may be missing.
bool has_bands(const Survey& survey, const json& names) {
  const auto has = [&](const json& name) {
    return name.is_string() && std::ranges::any_of(survey.bands, [&](const Band& band) {
             return equal_ignoring_case(band.name, name.get_ref<const std::string&>());
           });
  };
  return survey.bands.empty() || std::ranges::all_of(names, has);
}

}  // namespace

Result<json> algorithm_params(const Algorithm& algorithm, const Survey& survey,
                              const CutoutRequest& request) {
  const auto& manifest = algorithm.manifest;
  const auto& properties = algorithm.params.properties();
  json params = algorithm.params.defaults();

  const auto pointer = json::json_pointer("/colour/" + manifest.id);
  if (survey.config->document.contains(pointer)) {
    params.update(survey.config->document.at(pointer));
    const bool chosen = !request.bands.empty() || !request.image.empty();
    if (chosen || !has_bands(survey, params.value("rgb", json::array()))) params.erase("rgb");
  }
  if (!request.rgb.empty()) {
    if (!properties.contains("rgb"))
      return fail(ErrorCode::kUsage, "the algorithm " + manifest.id +
                                         " makes no colours; leave rgb out, or ask for format=png");
    params["rgb"] = request.rgb;
  }
  for (const auto& [name, text] : request.params) {
    if (!properties.contains(name)) {
      std::vector<std::string> known;
      for (const auto& [key, value] : properties.items()) known.push_back(key);
      return fail(ErrorCode::kUsage, "the algorithm " + manifest.id + " has no parameter '" + name +
                                         "'" +
                                         (known.empty() ? "" : "; it has " + join(known, ", ")));
    }
    params[name] = typed(text, properties[name]);
  }
  if (auto valid = algorithm.params.validate(params); !valid)
    return fail(ErrorCode::kUsage, "the algorithm " + manifest.id + ": " + valid.error().message);
  return params;
}

}  // namespace recorte::cutout
