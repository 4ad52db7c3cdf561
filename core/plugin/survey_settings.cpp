// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/survey_settings.hpp"

#include "core/base/text.hpp"
#include "sdk/include/recorte/survey.h"

#include <nlohmann/json.hpp>

namespace recorte::plugin {
namespace {

using nlohmann::json;

constexpr const char* kSection = "/survey";

/// Text of [survey], or what stands in for it.
Result<std::string> text_of(const config::Document& document, const std::string& key,
                            const std::string& otherwise) {
  const json::json_pointer at(kSection + config::pointer_step(key));
  if (!document.value->contains(at)) return otherwise;
  const auto& value = document.value->at(at);
  if (value.is_string()) return value.get<std::string>();
  return fail(document.error(at.to_string(), key + " must be text, between quotes"));
}

config::Document completed(const config::Document& file, const std::string& defaults,
                           const Manifest& manifest) {
  if (defaults.empty()) return file;
  return file.completed(json::parse(defaults), "the plugin " + manifest.id + " " + manifest.version,
                        {kSection});
}

/// [plugins]: ranges that versions there are meet.
Result<Pins> read_pins(const config::Document& document, const Registry& registry) {
  std::string wrong;
  auto pins = Pins::parse(*document.value, &wrong);
  if (!pins) return fail(document.error(wrong, pins.error().message));
  for (const auto& [id, range] : pins->all())
    if (const auto met = registry.check_pin(id, range); !met)
      return fail(document.error("/plugins" + config::pointer_step(id), met.error().message));
  return pins;
}

}  // namespace

Result<SurveySettings> complete_survey(const config::Document& file, const Registry& registry) {
  const auto section = file.value->find("survey");
  if (section == file.value->end() || !section->is_object())
    return fail(file.error(section == file.value->end() ? "" : kSection,
                           "the section [survey] is missing"));
  const auto id = text_of(file, "plugin", "tiles");
  if (!id) return fail(id.error());
  auto pins = read_pins(file, registry);
  if (!pins) return fail(std::move(pins).error());
  const auto entry = registry.find(*id, RECORTE_SURVEY_V1, pins->of(*id));
  if (!entry && entry.error().code == ErrorCode::kUnavailable) return fail(entry.error());
  if (!entry) return fail(file.error("/survey/plugin", entry.error().message));
  const auto& manifest = (*entry)->manifest;
  const auto all = completed(file, manifest.defaults, manifest);
  const auto release = text_of(all, "release", "");
  if (!release) return fail(release.error());
  const auto own = manifest.releases.find(*release);
  if (own != manifest.releases.end()) {
    const auto released = completed(file, own->second, manifest);
    return SurveySettings{*entry, completed(released, manifest.defaults, manifest),
                          *std::move(pins)};
  }
  if (manifest.releases.empty()) return SurveySettings{*entry, all, *std::move(pins)};
  std::vector<std::string> known;
  for (const auto& [name, unused] : manifest.releases) known.push_back(name);
  return fail(all.error("/survey/release", "the plugin " + *id + " knows the releases " +
                                               join(known, ", ") + ", and not '" + *release +
                                               "'; write one of them"));
}

}  // namespace recorte::plugin
