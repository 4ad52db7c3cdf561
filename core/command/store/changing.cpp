// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte plugin install`, `enable`, `disable` and `remove`: what changes the store.
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/bundle/install.hpp"
#include "core/command/store/commands.hpp"
#include "core/command/tools/tools.hpp"

#include <cstdio>

namespace recorte::command {
namespace {

using plugin::Store;

/// What keeps it from being used by itself: of its versions the newest that is enabled counts, and
/// of two with one version that in a directory.
void print_precedence(const config::Settings& settings, const plugin::Installed& item) {
  const auto registry = registry_of(settings);
  for (const auto& entry : registry.plugins()) {
    const auto& manifest = entry.manifest;
    if (manifest.id == item.id && manifest.version == item.version && entry.sha256.empty())
      std::printf("there is the same version in %s, which comes first\n", entry.file.c_str());
    if (manifest.id != item.id ||
        plugin::parse_version(manifest.version) <= plugin::parse_version(item.version))
      continue;
    std::printf(
        "%s is older than %s, which stays the one that surveys get that pin no version; "
        "%s\n",
        item.version.c_str(), manifest.version.c_str(),
        entry.sha256.empty()
            ? ("pin them to it: [plugins] " + item.id + " = \"=" + item.version + "\"").c_str()
            : ("to go back: recorte plugin enable " + item.name() + " --only").c_str());
    return;
  }
}

int enable_in(const config::Settings& settings, const std::string& name, Store::Others others) {
  const auto [id, version] = parse_name(name);
  const auto before = versions_of(id, settings.surveys, registry_of(settings));
  const auto enabled = store_of(settings).enable(id, version, others);
  if (!enabled) return complain(enabled.error());
  std::printf("enabled %s\n", enabled->name().c_str());
  print_precedence(settings, *enabled);
  print_effect(id, settings, before);
  return 0;
}

}  // namespace

int install(const ChangeOptions& options) {
  const auto settings = settings_at(options.place);
  if (!settings) return complain(settings.error());
  const auto rules = rules_of(*settings);
  if (!rules) return complain(rules.error());
  plugin::ProbeOptions probe;
  probe.program = program_directory() / "recorte-worker";
  const auto done = bundle::install(store_of(*settings), options.bundle, *rules, probe);
  if (!done) return complain(done.error());
  std::printf("%s %s (%s), %s, %s: %s\n", done->already ? "already installed:" : "installed",
              done->installed.name().c_str(), join(done->manifest.interfaces, ", ").c_str(),
              done->manifest.licence.c_str(),
              done->signer.empty() ? "not signed" : ("signed by " + done->signer).c_str(),
              done->installed.directory.c_str());
  if (options.enable || options.only)
    return enable_in(*settings, done->installed.name(),
                     options.only ? Store::Others::kDisable : Store::Others::kStay);
  if (done->installed.enabled) return 0;
  print_precedence(*settings, done->installed);
  std::printf("it is not used yet: recorte plugin enable %s\n", done->installed.name().c_str());
  return 0;
}

int enable(const ChangeOptions& options) {
  const auto settings = settings_at(options.place);
  if (!settings) return complain(settings.error());
  return enable_in(*settings, options.name,
                   options.only ? Store::Others::kDisable : Store::Others::kStay);
}

int disable(const ChangeOptions& options) {
  const auto settings = settings_at(options.place);
  if (!settings) return complain(settings.error());
  const auto [id, version] = parse_name(options.name);
  const auto before = versions_of(id, settings->surveys, registry_of(*settings));
  const auto disabled = store_of(*settings).disable(id, version);
  if (!disabled) return complain(disabled.error());
  for (const auto& item : *disabled) std::printf("disabled %s\n", item.name().c_str());
  if (disabled->empty()) std::printf("%s was not enabled\n", options.name.c_str());
  print_effect(id, *settings, before);
  return 0;
}

int remove(const ChangeOptions& options) {
  const auto settings = settings_at(options.place);
  if (!settings) return complain(settings.error());
  const auto [id, version] = parse_name(options.name);
  const auto store = store_of(*settings);
  const auto found = store.find(id, version);
  if (!found) return complain(found.error());
  if (version.empty()) {
    const auto all = store.list();
    if (!all) return complain(all.error());
    std::vector<std::string> names;
    for (const auto& item : *all)
      if (item.id == id) names.push_back(item.name());
    if (names.size() > 1)
      return complain(
          {ErrorCode::kUsage,
           "several versions of " + id + " are installed; say which one: " + join(names, ", ")});
  }
  const auto before = versions_of(id, settings->surveys, registry_of(*settings));
  std::vector<std::string> users;
  for (const auto& [survey, used] : before)
    if (found->enabled && used == found->version) users.push_back(survey);
  if (!users.empty() && !options.force)
    return complain({ErrorCode::kUsage,
                     found->name() + " is what " + join(users, ", ") +
                         (users.size() == 1 ? " is" : " are") +
                         " served by; enable or pin another version first (recorte plugin enable), "
                         "or remove it all the same with --force"});
  if (auto removed = store.remove(id, found->version); !removed) return complain(removed.error());
  std::printf("removed %s\n", found->name().c_str());
  print_effect(id, *settings, before);
  return 0;
}

}  // namespace recorte::command
