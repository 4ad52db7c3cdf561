// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/file_check.hpp"

#include "core/base/text.hpp"
#include "core/cutout/cutter.hpp"
#include "core/cutout/survey_rules.hpp"
#include "core/inspect/sources.hpp"
#include "core/plugin/registry.hpp"
#include "core/survey/access_file.hpp"
#include "core/survey/stamps.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recorte::inspect {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// That there is what an indexed survey's file names, made by the rules that it has now.
void check_places(const std::string& id, config::Complaints& complaints) {
  const auto file = survey::survey_file_of(complaints.document());
  if (!file) return;
  std::error_code error;
  if (!fs::is_directory(file->root, error))
    return complaints.add("/survey/root", "the root " + file->root.string() +
                                              " is no directory; mount it, or mend 'root'");
  const auto again = "; run recorte survey index --name " + id;
  if (!fs::exists(file->index, error))
    return complaints.add("/survey/index", "there is no index " + file->index.string() + again);
  const auto stamps =
      survey::read_stamps(file->index.string() + ".stamps", survey::rules_of(*file));
  if (!stamps.same_rules)
    complaints.add("", "its index was made by other rules than the file has now" + again);
}

/// That the bands of its colours are among the survey's own.
void check_bands(const cutout::Survey& survey, config::Complaints& complaints) {
  const auto bands = bands_of(survey);
  const auto colours = complaints.document().value->value("colour", json::object());
  for (const auto& [name, params] : colours.items()) {
    const auto rgb = params.find("rgb");
    if (rgb == params.end() || !rgb->is_array()) continue;
    for (const auto& band : *rgb)
      if (band.is_string() && std::ranges::find(bands, band.get<std::string>()) == bands.end())
        complaints.add("/colour" + config::pointer_step(name) + "/rgb",
                       "there is no band '" + band.get<std::string>() +
                           "' in this survey; it has " + join(bands, ", "));
  }
}

}  // namespace

std::vector<Error> check_file(const Where& where, const std::string& survey) {
  const auto file = config::read_toml(where.surveys / (survey + ".toml"));
  if (!file) return {file.error()};
  const auto registry = plugin::Registry::scan(where.plugins);
  const auto complete = plugin::complete_survey(*file, registry);
  config::Complaints complaints(complete ? complete->document : *file);
  if (!complete) {
    // What is wrong with its rights is so whatever the adapter.
    survey::read_access(complaints);
    auto out = complaints.all();
    out.insert(out.begin(), complete.error());
    return out;
  }
  cutout::check_survey(*complete, registry, survey, complaints);
  if (complaints.empty() && complete->adapter->manifest.indexed) check_places(survey, complaints);
  if (!complaints.empty()) return complaints.all();
  cutout::Cutter cutter(where.surveys, registry);
  const auto opened = cutter.catalogue().survey(survey, {});
  if (!opened) return {opened.error()};
  check_bands(**opened, complaints);
  return complaints.all();
}

}  // namespace recorte::inspect
