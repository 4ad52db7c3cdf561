// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/registry.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "sdk/include/recorte/algorithm.h"

#include <algorithm>
#include <cstdlib>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;

/// The libraries of a directory, by name.
std::vector<fs::path> libraries(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(directory, error))
    if (item.path().extension() == ".so") out.push_back(item.path());
  std::ranges::sort(out);
  return out;
}

bool before(const Entry& a, const Entry& b) {
  if (a.manifest.id != b.manifest.id) return a.manifest.id < b.manifest.id;
  return parse_version(b.manifest.version) < parse_version(a.manifest.version);
}

Error out_of_range(std::string_view id, const VersionRange& range,
                   const std::vector<std::string>& versions, const std::string& stored) {
  const std::string who(id);
  return {ErrorCode::kNotFound,
          "no version of " + who + " meets \"" + range.text() + "\": there is " +
              join(versions, ", ") +
              (stored.empty() ? "; install one that does, or change the range" : stored)};
}

}  // namespace

Status check_content(const Entry& entry) {
  return entry.sha256.empty() ? Status() : check_content(entry.file, entry.sha256);
}

Registry Registry::scan(const std::vector<fs::path>& directories) {
  Registry out;
  std::vector<fs::path> seen;
  for (const auto& directory : directories) {
    std::error_code error;
    const auto real = fs::canonical(directory, error);
    if (error || std::ranges::find(seen, real) != seen.end()) continue;
    seen.push_back(real);
    if (Store::is_one(real))
      out.scan_store(Store(real));
    else
      out.scan_directory(real);
  }
  std::ranges::stable_sort(out.plugins_, before);
  return out;
}

Result<Registry> Registry::around(const fs::path& file, const std::vector<fs::path>& directories) {
  auto manifest = read_manifest(file);
  if (!manifest) return fail(std::move(manifest).error());
  auto out = scan(directories);
  std::erase_if(out.plugins_,
                [&](const Entry& entry) { return entry.manifest.id == manifest->id; });
  out.plugins_.push_back({file, *std::move(manifest), ""});
  std::ranges::stable_sort(out.plugins_, before);
  return out;
}

void Registry::scan_directory(const fs::path& directory) {
  for (const auto& file : libraries(directory)) {
    auto manifest = read_manifest(file);
    if (manifest)
      add(file, *std::move(manifest), "");
    else
      refused_.push_back({file, std::move(manifest).error()});
  }
}

void Registry::scan_store(const Store& store) {
  auto installed = store.list();
  if (!installed) {
    refused_.push_back({store.root(), std::move(installed).error()});
    return;
  }
  for (auto& item : *installed) {
    if (!item.enabled) {
      disabled_.push_back(std::move(item));
      continue;
    }
    const auto file = item.library();
    auto manifest = read_manifest(file);
    if (!manifest)
      refused_.push_back({file, std::move(manifest).error()});
    else if (manifest->id != item.id || manifest->version != item.version)
      refused_.push_back(
          {file,
           {ErrorCode::kPlugin, file.string() + ": it is " + manifest->id + " " +
                                    manifest->version + ", not " + item.id + " " + item.version}});
    else
      add(file, *std::move(manifest), item.sha256);
  }
}

/// Of two of one id and version the first counts.
void Registry::add(const fs::path& file, Manifest manifest, std::string sha256) {
  const auto same = std::ranges::find_if(plugins_, [&](const Entry& known) {
    return known.manifest.id == manifest.id && known.manifest.version == manifest.version;
  });
  if (same == plugins_.end())
    plugins_.push_back({file, std::move(manifest), std::move(sha256)});
  else
    refused_.push_back(
        {file,
         {ErrorCode::kPlugin, file.string() + ": " + manifest.id + " " + manifest.version +
                                  " is there already, from " + same->file.string()}});
}

std::vector<fs::path> Registry::default_directories() {
  std::vector<fs::path> out;
  if (const char* path = std::getenv("RECORTE_PLUGIN_PATH"))
    for (const auto& directory : split(path, ':'))
      if (!directory.empty()) out.emplace_back(directory);
  const auto program = program_directory();
  out.push_back(program / "../plugins");
  out.push_back(program / "../lib/recorte/plugins");
  return out;
}

Result<const Entry*> Registry::in_use(const Entry& entry) const {
  const auto& id = entry.manifest.id;
  const auto& version = entry.manifest.version;
  for (const auto& each : withdrawn_)
    if (each.id == id && each.version == version)
      return fail(ErrorCode::kUnavailable,
                  "the plugin " + id + " " + version + " is out of use: " + each.why);
  return &entry;
}

std::vector<fs::path> Registry::directories(std::vector<fs::path> directories,
                                            const fs::path& store) {
  if (directories.empty()) directories = default_directories();
  if (!store.empty()) directories.push_back(store);
  return directories;
}

/// The remedy that lies in a store: "; des 2.0.1 is installed and not enabled: …".
std::string Registry::of_store(std::string_view id, const VersionRange* range) const {
  for (const auto& item : disabled_)
    if (item.id == id && (range == nullptr || range->contains(*parse_version(item.version))))
      return "; " + item.id + " " + item.version +
             " is installed and not enabled: recorte plugin enable " + item.name();
  return "";
}

Result<const Entry*> Registry::find(std::string_view id, std::string_view interface,
                                    const VersionRange* range) const {
  std::vector<std::string> ids, versions;
  for (const auto& entry : plugins_) {
    const auto& manifest = entry.manifest;
    if (!manifest.provides(interface)) continue;
    if (manifest.id == id) {
      if (range == nullptr || range->contains(*parse_version(manifest.version)))
        return in_use(entry);
      versions.push_back(manifest.version);
    }
    if (ids.empty() || ids.back() != manifest.id) ids.push_back(manifest.id);
  }
  if (!versions.empty()) return fail(out_of_range(id, *range, versions, of_store(id, range)));
  const auto kind = interface.substr(interface.find('.') + 1);
  auto message = "there is no " + std::string(kind.substr(0, kind.find('/'))) + " plugin \"" +
                 std::string(id) + "\"";
  const auto stored = of_store(id, range);
  if (const auto near = did_you_mean(id, ids); stored.empty() && !near.empty())
    message += " (did you mean \"" + near + "\"?)";
  message += !stored.empty() ? stored
             : ids.empty()   ? "; none is installed"
                             : "; there is: " + join(ids, ", ");
  return fail(ErrorCode::kNotFound, std::move(message));
}

Status Registry::check_pin(std::string_view id, const VersionRange& range) const {
  std::vector<std::string> ids, versions;
  for (const auto& entry : plugins_) {
    if (entry.manifest.id == id) {
      if (range.contains(*parse_version(entry.manifest.version))) return {};
      versions.push_back(entry.manifest.version);
    }
    if (ids.empty() || ids.back() != entry.manifest.id) ids.push_back(entry.manifest.id);
  }
  const auto stored = of_store(id, &range);
  if (!versions.empty()) return fail(out_of_range(id, range, versions, stored));
  const auto near = did_you_mean(id, ids);
  return fail(ErrorCode::kNotFound, "there is no plugin \"" + std::string(id) + "\"" +
                                        (!stored.empty() ? stored
                                         : near.empty()  ? "; there is: " + join(ids, ", ")
                                                         : "; did you mean \"" + near + "\"?"));
}

}  // namespace recorte::plugin
