// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/store/place.hpp"

#include "core/base/unix_socket.hpp"
#include "core/config/document.hpp"
#include "core/config/settings_at.hpp"
#include "core/plugin/pins.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Whether a survey's file names the plugin.
bool names(const json& document, const std::string& plugin) {
  const auto within = [&](const char* section, const std::string& key) {
    const auto found = document.find(section);
    return found != document.end() && found->is_object() && found->contains(key);
  };
  std::string adapter = "tiles";
  if (within("survey", "plugin") && document["survey"]["plugin"].is_string())
    adapter = document["survey"]["plugin"];
  return adapter == plugin || within("colour", plugin) || within(plugin::kPinsSection, plugin);
}

bool runs(const config::Settings& settings) {
  const auto name = unix_name(config::admin_socket(settings));
  const auto socket = make_unix_socket();
  return name && socket && connect_unix(*socket, *name);
}

}  // namespace

Result<config::Settings> settings_at(const Place& place) {
  auto settings = config::settings_at(place.config, place.data);
  if (!settings) return settings;
  if (const char* surveys = std::getenv("RECORTE_SURVEYS"); place.config.empty() && surveys)
    settings->surveys = surveys;
  settings->surveys = config::surveys_directory(*settings);
  if (!place.plugins.empty()) settings->plugins.directories = place.plugins;
  return settings;
}

plugin::Store store_of(const config::Settings& settings) {
  return plugin::Store(config::plugin_store(settings));
}

plugin::Registry registry_of(const config::Settings& settings) {
  return plugin::Registry::scan(
      plugin::Registry::directories(settings.plugins.directories, config::plugin_store(settings)));
}

Result<bundle::Rules> rules_of(const config::Settings& settings) {
  bundle::Rules out;
  out.accept_unsigned = settings.plugins.accept_unsigned;
  for (const auto& text : settings.plugins.keys) {
    auto key = bundle::parse_public_key(text);
    if (!key) return fail(std::move(key).error());
    out.keys.push_back(*std::move(key));
  }
  return out;
}

std::pair<std::string, std::string> parse_name(std::string_view text) {
  const auto mark = text.find('@');
  return {std::string(text.substr(0, mark)),
          mark == text.npos ? "" : std::string(text.substr(mark + 1))};
}

std::map<std::string, std::string> versions_of(const std::string& plugin, const fs::path& surveys,
                                               const plugin::Registry& registry) {
  std::map<std::string, std::string> out;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(surveys, error)) {
    if (file.path().extension() != ".toml") continue;
    const auto document = config::read_toml(file.path());
    if (!document || !names(*document->value, plugin)) continue;
    const auto pins = plugin::Pins::parse(*document->value);
    const auto* range = pins ? pins->of(plugin) : nullptr;
    auto& version = out[file.path().stem()];
    for (const auto& entry : registry.plugins())
      if (version.empty() && entry.manifest.id == plugin &&
          (range == nullptr || range->contains(*plugin::parse_version(entry.manifest.version))))
        version = entry.manifest.version;
  }
  return out;
}

void print_effect(const std::string& plugin, const config::Settings& settings,
                  const std::map<std::string, std::string>& before) {
  const auto after = versions_of(plugin, settings.surveys, registry_of(settings));
  for (const auto& [survey, version] : after) {
    const auto known = before.find(survey);
    const auto was = known == before.end() ? "" : known->second;
    if (version.empty())
      std::printf("survey %s: there is no %s for it now; it cannot be served\n", survey.c_str(),
                  plugin.c_str());
    else if (version != was)
      std::printf("survey %s: %s %s%s\n", survey.c_str(), plugin.c_str(), version.c_str(),
                  was.empty() ? "" : (" instead of " + was).c_str());
  }
  if (runs(settings))
    std::printf("a server runs on %s, with the plugins of before: recorte reload changes that\n",
                settings.data.c_str());
}

}  // namespace recorte::command
