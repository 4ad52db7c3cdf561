// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings_names.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <vector>

namespace recorte::config {

std::string in_section(std::string_view section) {
  return section.empty() ? "at the top of the file, before any section"
                         : "in [" + std::string(section) + "]";
}

const Key* find_key(std::string_view section, std::string_view name) {
  for (const auto& key : keys())
    if (key.section == section && key.name == name) return &key;
  return nullptr;
}

bool is_section(std::string_view name) {
  const auto known = sections();
  return std::find(known.begin(), known.end(), name) != known.end();
}

bool holds_sections(std::string_view name) {
  return is_section(std::string(name) + std::string(kFreeName));
}

std::string key_remedy(std::string_view section, std::string_view name) {
  std::vector<std::string> here;
  std::vector<std::string> elsewhere;
  for (const auto& key : keys()) {
    if (key.section == section) here.emplace_back(key.name);
    if (key.name == name) elsewhere.push_back(in_section(key.section));
  }
  if (!elsewhere.empty()) return "it belongs " + join(elsewhere, " or ");
  const auto near = did_you_mean(name, here);
  return near.empty() ? "known are " + join(here, ", ") : "did you mean " + near + "?";
}

std::string section_remedy(const std::string& name) {
  std::vector<std::string> known;
  for (const auto section : sections()) known.emplace_back(section);
  const auto near = did_you_mean(name, known);
  return near.empty() ? "known are [" + join(known, "], [") + "]" : "did you mean [" + near + "]?";
}

}  // namespace recorte::config
