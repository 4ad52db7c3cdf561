// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/plugin_list.hpp"

#include "core/plugin/registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace recorte::app {
namespace {

using nlohmann::ordered_json;

ordered_json time_json(Micros time) {
  return time > 0 ? ordered_json(iso_time(time)) : ordered_json();
}

/// Of an adapter, the surveys that it answers for; of one that is out of use, those that name it.
ordered_json surveys_of(const plugin::Manifest& manifest, bool out_of_use, const PluginsNow& now) {
  auto out = ordered_json::array();
  for (const auto& [id, survey] : now.pools.surveys) {
    if (survey.plugin != manifest.id) continue;
    const auto* card = now.surveys ? now.surveys->find(id) : nullptr;
    const bool told = card != nullptr && card->description;
    if (told ? card->description->value("plugin", "") == manifest.label() : out_of_use)
      out.push_back(id);
  }
  return out;
}

ordered_json plugin_json(const plugin::Entry& entry, const PluginsNow& now) {
  const auto& manifest = entry.manifest;
  const auto record = now.faults.of(manifest.label());
  auto mark = record.mark;
  if (const auto by = now.disabled.find(manifest.label()); by != now.disabled.end())
    mark = by->second;
  ordered_json fault, out_of_use;
  if (record.faults > 0) fault = {{"time", time_json(record.last)}, {"how", record.last_how}};
  if (mark) out_of_use = {{"since", time_json(mark->since)}, {"why", mark->why}};
  return {{"id", manifest.id},
          {"version", manifest.version},
          {"name", manifest.name},
          {"interfaces", manifest.interfaces},
          {"file", now.snapshot.of_originals(entry.file.string())},
          {"taken_up", time_json(now.snapshot.taken())},
          {"surveys", surveys_of(manifest, mark.has_value(), now)},
          {"faults", record.faults},
          {"last_fault", std::move(fault)},
          {"out_of_use", std::move(out_of_use)}};
}

/// One that is in the store, and that the server has not taken up.
ordered_json plugin_json(const plugin::Installed& item) {
  const auto file = item.library();
  const auto manifest = plugin::read_manifest(file);
  return {{"id", item.id},
          {"version", item.version},
          {"name", manifest ? manifest->name : ""},
          {"interfaces", manifest ? manifest->interfaces : std::vector<std::string>{}},
          {"file", file.string()},
          {"taken_up", nullptr},
          {"surveys", ordered_json::array()},
          {"faults", 0},
          {"last_fault", nullptr},
          {"out_of_use",
           {{"since", nullptr},
            {"why", item.enabled ? "it is enabled, and not taken up: recorte reload"
                                 : "it is installed, and not enabled"}}}};
}

}  // namespace

ordered_json plugin_list(const PluginsNow& now) {
  const auto registry = plugin::Registry::scan(now.snapshot.directories());
  auto list = ordered_json::array(), refused = ordered_json::array();
  for (const auto& entry : registry.plugins()) list.push_back(plugin_json(entry, now));
  for (const auto& item : now.installed) {
    const auto is_it = [&](const plugin::Entry& entry) {
      return entry.manifest.id == item.id && entry.manifest.version == item.version;
    };
    if (std::ranges::none_of(registry.plugins(), is_it)) list.push_back(plugin_json(item));
  }
  for (const auto& [file, error] : registry.refused())
    refused.push_back({{"file", now.snapshot.of_originals(file.string())},
                       {"why", now.snapshot.of_originals(error.message)}});
  return {{"plugins", std::move(list)}, {"refused", std::move(refused)}};
}

}  // namespace recorte::app
