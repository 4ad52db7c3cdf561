// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte plugin list` and `info`: what there is, and what is in a bundle.
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/bundle/open_bundle.hpp"
#include "core/bundle/scratch.hpp"
#include "core/command/store/commands.hpp"
#include "core/command/tools/tools.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

void print_row(const plugin::Manifest& manifest, const char* state, const fs::path& file) {
  std::printf("%-16s %-8s %-22s %-9s %s\n", manifest.id.c_str(), manifest.version.c_str(),
              join(manifest.interfaces, ",").c_str(), state, file.c_str());
}

/// What info says of a plugin, wherever it is.
struct Shown {
  plugin::Manifest manifest;
  fs::path file, directory;  ///< the library; what it was installed with, or ""
  std::string state;
};

bool is_named(const std::string& id, const std::string& version, const std::string& name) {
  const auto [wanted, wanted_version] = parse_name(name);
  return id == wanted && (wanted_version.empty() || version == wanted_version);
}

/// An enabled one first, then one of the store's others. Its error names what there is.
Result<Shown> find(const config::Settings& settings, const std::string& name) {
  const auto registry = registry_of(settings);
  for (const auto& entry : registry.plugins())
    if (is_named(entry.manifest.id, entry.manifest.version, name))
      return Shown{entry.manifest, entry.file,
                   entry.sha256.empty() ? fs::path() : entry.file.parent_path(),
                   entry.sha256.empty() ? "in a directory of plugins" : "installed, enabled"};
  const auto [id, version] = parse_name(name);
  const auto installed = store_of(settings).find(id, version);
  if (!installed) return fail(installed.error());
  auto manifest = plugin::read_manifest(installed->library());
  if (!manifest) return fail(std::move(manifest).error());
  return Shown{*std::move(manifest), installed->library(), installed->directory,
               installed->enabled ? "installed, enabled" : "installed, not enabled"};
}

Result<Shown> look_into(const config::Settings& settings, const fs::path& bundle,
                        const fs::path& directory) {
  const auto rules = rules_of(settings);
  if (!rules) return fail(rules.error());
  auto opened = bundle::open_bundle(bundle, directory, *rules);
  if (!opened) return fail(std::move(opened).error());
  return Shown{std::move(opened->manifest), bundle, directory, "a bundle"};
}

std::string signer_of(const fs::path& directory) {
  const auto text = read_file(directory / bundle::kSignature, bundle::kMostSums);
  return text ? "by " + text->substr(0, text->find(':')) : "nobody's";
}

void print_line(const char* what, const std::string& value) {
  if (!value.empty()) std::printf("%-12s %s\n", what, value.c_str());
}

}  // namespace

int list_plugins(const Place& place) {
  const auto settings = settings_at(place);
  if (!settings) return complain(settings.error());
  const auto registry = registry_of(*settings);
  for (const auto& entry : registry.plugins())
    print_row(entry.manifest, entry.sha256.empty() ? "built in" : "enabled", entry.file);
  for (const auto& item : registry.disabled()) {
    const auto manifest = plugin::read_manifest(item.library());
    if (manifest)
      print_row(*manifest, "disabled", item.library());
    else
      std::printf("refused: %s\n", manifest.error().message.c_str());
  }
  for (const auto& refusal : registry.refused())
    std::printf("refused: %s\n", refusal.error.message.c_str());
  return 0;
}

int show_plugin(const Place& place, const std::string& name) {
  const auto settings = settings_at(place);
  if (!settings) return complain(settings.error());
  std::optional<bundle::Scratch> scratch;
  if (name.ends_with(".recorte")) {
    auto directory = (fs::temp_directory_path() / "recorte-XXXXXX").string();
    if (::mkdtemp(directory.data()) == nullptr)
      return complain(os_error("cannot make " + directory));
    scratch.emplace(directory);
  }
  const auto shown = scratch ? look_into(*settings, name, scratch->path()) : find(*settings, name);
  if (!shown) return complain(shown.error());
  const auto& manifest = shown->manifest;
  std::vector<std::string> users;
  for (const auto& [survey, version] :
       versions_of(manifest.id, settings->surveys, registry_of(*settings)))
    if (version == manifest.version) users.push_back(survey);
  print_line("id", manifest.id);
  print_line("name", manifest.name);
  print_line("version", manifest.version);
  print_line("licence", manifest.licence);
  print_line("interfaces", join(manifest.interfaces, ", "));
  print_line("formats", join(manifest.formats, ", "));
  print_line("ABI", std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor));
  print_line("state", shown->state);
  if (!shown->directory.empty()) print_line("signature", signer_of(shown->directory));
  print_line("surveys", join(users, ", "));
  print_line("library", shown->file.string());
  std::error_code error;
  for (const auto& item : fs::directory_iterator(shown->directory, error)) {
    if (!upper(item.path().filename().string()).starts_with("README")) continue;
    const auto text = read_file(item.path(), bundle::kMostBytes);
    if (!text) return complain(text.error());
    std::printf("\n%s", text->c_str());
  }
  return 0;
}

}  // namespace recorte::command
