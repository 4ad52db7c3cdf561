// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/survey_rules.hpp"

#include "core/base/time.hpp"
#include "core/plugin/schema.hpp"
#include "core/survey/access_file.hpp"
#include "core/survey/survey_file.hpp"
#include "sdk/include/recorte/algorithm.h"

#include <nlohmann/json.hpp>

namespace recorte::cutout {
namespace {

using nlohmann::json;

/// What the host itself reads of [survey], whatever the plugin's schema says.
void check_own_keys(const json& section, const std::string& id, config::Complaints& complaints) {
  for (const std::string key : {"id", "plugin", "root", "index", "access_group", "description",
                                "kind", "public_after", "variant"})
    if (section.contains(key) && !section[key].is_string())
      complaints.add("/survey/" + key, key + " must be text, between quotes");
  if (const auto said = section.find("id"); said != section.end() && *said != id)
    complaints.add("/survey/id", "a survey is called after its file, " + id +
                                     "; remove the id, or rename the file");
  if (const auto said = section.find("public_after"); said != section.end() && said->is_string())
    if (const auto age = parse_duration(said->get<std::string>()); !age)
      complaints.add("/survey/public_after", age.error().message);
}

void check_schema(const json& settings, const std::string& text, const std::string& under,
                  config::Complaints& complaints) {
  const auto schema = plugin::Schema::parse(text);
  if (!schema) return complaints.add(under, schema.error().message);
  // Who reads what a schema describes says it better.
  auto misfits = schema->misfits(settings);
  std::erase_if(misfits, [&](const auto& one) { return complaints.about(under + one.first); });
  for (const auto& [where, error] : misfits) complaints.add(under + where, error.message);
}

/// [colour.ALGORITHM]: an algorithm there is, with parameters that its schema accepts.
void check_colours(const plugin::SurveySettings& survey, const plugin::Registry& registry,
                   config::Complaints& complaints) {
  const auto colours = survey.document.value->value("colour", json::object());
  for (const auto& [name, params] : colours.items()) {
    const auto place = "/colour" + config::pointer_step(name);
    const auto algorithm = registry.find(name, RECORTE_ALGORITHM_V1, survey.pins.of(name));
    // One that is withdrawn is no fault of the survey's.
    if (algorithm)
      check_schema(params, (*algorithm)->manifest.params_schema, place, complaints);
    else if (algorithm.error().code != ErrorCode::kUnavailable)
      complaints.add(place, algorithm.error().message);
  }
}

}  // namespace

void check_survey(const plugin::SurveySettings& survey, const plugin::Registry& registry,
                  const std::string& id, config::Complaints& complaints) {
  const auto& manifest = survey.adapter->manifest;
  auto settings = *survey.document.value;
  check_own_keys(settings.at("survey"), id, complaints);
  survey::read_access(complaints);
  // An indexed survey's file has a checker of its own, with better sentences than a schema's.
  if (manifest.indexed) survey::read_survey(complaints);
  settings.erase(survey::kAccessSection);
  settings.erase(plugin::kPinsSection);
  if (complaints.empty() || !manifest.indexed)
    check_schema(settings, manifest.config_schema, "", complaints);
  check_colours(survey, registry, complaints);
}

}  // namespace recorte::cutout
