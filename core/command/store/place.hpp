/// The server that a command about plugins is told of: its configuration, its store, and what its
/// surveys get out of it. Private to the tools.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/bundle/read_bundle.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/store.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::command {

struct Place {
  std::filesystem::path config, data;          ///< as `serve` takes them
  std::vector<std::filesystem::path> plugins;  ///< instead of the configured directories
};

/// Surveys are where RECORTE_SURVEYS says where there is no configuration, as for `serve`.
Result<config::Settings> settings_at(const Place& place);
plugin::Store store_of(const config::Settings& settings);
plugin::Registry registry_of(const config::Settings& settings);
/// Whose bundles are taken.
Result<bundle::Rules> rules_of(const config::Settings& settings);

/// "des@1.2.0" or "des", of which the second half is "".
std::pair<std::string, std::string> parse_name(std::string_view text);

/// The version of a plugin that each survey gets, by survey: those whose file names the plugin, as
/// its adapter, for its colours, or by a pin. "" where no version there is meets its pin.
std::map<std::string, std::string> versions_of(const std::string& plugin,
                                               const std::filesystem::path& surveys,
                                               const plugin::Registry& registry);
/// Prints what a change did to them, and how a server that runs learns of it.
void print_effect(const std::string& plugin, const config::Settings& settings,
                  const std::map<std::string, std::string>& before);

}  // namespace recorte::command
