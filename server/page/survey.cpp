// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/survey.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recorte::page {
namespace {

using nlohmann::json;

Survey survey_of(const std::string& id, const json& description) {
  const auto text = [&](const char* name) { return description.value(name, ""); };
  const auto list = [&](const char* name) { return description.value(name, json::array()); };
  Survey out{id,
             text("title"),
             text("release"),
             text("description"),
             text("citation"),
             {},
             {},
             {},
             {},
             service::documented_plugin(description)};
  if (out.title.empty()) out.title = id;
  for (const auto& band : list("bands")) out.bands.push_back(band.at("name"));
  for (const auto& plane : list("planes"))
    if (plane != "image") out.planes.push_back(plane);
  const auto scale = description.value("pixel_scale", json());
  if (scale.is_number()) out.pixel_scale = scale.get<double>();
  const auto example = description.value("example", json::object());
  const auto ra = example.value("ra", json());
  const auto dec = example.value("dec", json());
  if (ra.is_number() && dec.is_number()) out.example = sky::Position{ra, dec};
  return out;
}

}  // namespace

std::vector<Survey> visible_surveys(const service::Surveys& all,
                                    const account::Principal& principal) {
  std::vector<Survey> out;
  for (const auto& card : all.cards)
    if (card.visible_to(principal)) out.push_back(survey_of(card.id, *card.description));
  return out;
}

const Survey* find_survey(const std::vector<Survey>& surveys, std::string_view id) {
  const auto found = std::find_if(surveys.begin(), surveys.end(),
                                  [&](const auto& survey) { return survey.id == id; });
  return found == surveys.end() ? nullptr : &*found;
}

}  // namespace recorte::page
