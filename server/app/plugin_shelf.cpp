// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/plugin_shelf.hpp"

#include "core/plugin/registry.hpp"

#include <string>
#include <system_error>
#include <utility>

namespace recorte::app {

Result<PluginShelf> PluginShelf::open(const config::Settings& settings) {
  PluginShelf out(settings.data / "plugins-in-use");
  std::error_code gone;
  std::filesystem::remove_all(out.place_, gone);
  auto first = out.look(settings);
  if (!first) return fail(std::move(first).error());
  out.now_ = std::move(*first);
  return out;
}

Result<std::shared_ptr<const plugin::Snapshot>> PluginShelf::look(
    const config::Settings& settings) {
  return plugin::Snapshot::take(
      plugin::Registry::directories(settings.plugins.directories, config::plugin_store(settings)),
      place_ / std::to_string(++count_));
}

plugin::InUse in_use(const std::shared_ptr<const plugin::Snapshot>& snapshot) {
  return {snapshot->directories(), {}, snapshot};
}

}  // namespace recorte::app
