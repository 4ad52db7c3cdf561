// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/plugin_list.hpp"

#include "core/plugin/registry.hpp"
#include "sdk/include/recorte/survey.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::app {
namespace {

using nlohmann::ordered_json;

ordered_json time_json(Micros time) {
  return time > 0 ? ordered_json(iso_time(time)) : ordered_json();
}

/// Of an adapter, the surveys that it answers for.
ordered_json surveys_of(const plugin::Entry& entry, const plugin::Registry& registry,
                        const trust::Pools& pools) {
  auto out = ordered_json::array();
  for (const auto& [id, survey] : pools.surveys) {
    if (survey.plugin != entry.manifest.id) continue;
    if (const auto used = registry.find(survey.plugin, RECORTE_SURVEY_V1); used && *used == &entry)
      out.push_back(id);
  }
  return out;
}

}  // namespace

ordered_json plugin_list(const plugin::Snapshot& snapshot, const trust::Pools& pools,
                         const plugin::Faults& faults,
                         const std::map<std::string, plugin::Faults::Mark>& disabled) {
  const auto registry = plugin::Registry::scan(snapshot.directories());
  auto list = ordered_json::array(), refused = ordered_json::array();
  for (const auto& entry : registry.plugins()) {
    const auto& manifest = entry.manifest;
    const auto record = faults.of(manifest.label());
    auto mark = record.mark;
    if (const auto by = disabled.find(manifest.label()); by != disabled.end()) mark = by->second;
    list.push_back(
        {{"id", manifest.id},
         {"version", manifest.version},
         {"name", manifest.name},
         {"interfaces", manifest.interfaces},
         {"file", snapshot.of_originals(entry.file.string())},
         {"taken_up", time_json(snapshot.taken())},
         {"surveys", surveys_of(entry, registry, pools)},
         {"faults", record.faults},
         {"last_fault", record.faults > 0 ? ordered_json{{"time", time_json(record.last)},
                                                         {"how", record.last_how}}
                                          : ordered_json()},
         {"out_of_use", mark ? ordered_json{{"since", time_json(mark->since)}, {"why", mark->why}}
                             : ordered_json()}});
  }
  for (const auto& [file, error] : registry.refused())
    refused.push_back({{"file", snapshot.of_originals(file.string())},
                       {"why", snapshot.of_originals(error.message)}});
  return {{"plugins", std::move(list)}, {"refused", std::move(refused)}};
}

}  // namespace recorte::app
