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
  return natural_less(b.manifest.version, a.manifest.version);
}

}  // namespace

Registry Registry::scan(const std::vector<fs::path>& directories) {
  Registry out;
  std::vector<fs::path> seen;
  for (const auto& directory : directories) {
    std::error_code error;
    const auto real = fs::canonical(directory, error);
    if (error || std::ranges::find(seen, real) != seen.end()) continue;
    seen.push_back(real);
    for (const auto& file : libraries(real)) {
      auto manifest = read_manifest(file);
      if (!manifest) {
        out.refused_.push_back({file, std::move(manifest).error()});
        continue;
      }
      const auto same = std::ranges::find_if(out.plugins_, [&](const Entry& known) {
        return known.manifest.id == manifest->id && known.manifest.version == manifest->version;
      });
      if (same == out.plugins_.end())
        out.plugins_.push_back({file, *std::move(manifest)});
      else
        out.refused_.push_back(
            {file,
             {ErrorCode::kPlugin, file.string() + ": " + manifest->id + " " + manifest->version +
                                      " is there already, from " + same->file.string()}});
    }
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
  out.plugins_.push_back({file, *std::move(manifest)});
  std::ranges::stable_sort(out.plugins_, before);
  return out;
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

Result<const Entry*> Registry::find(std::string_view id, std::string_view interface) const {
  std::vector<std::string> ids;
  for (const auto& entry : plugins_) {
    if (!entry.manifest.provides(interface)) continue;
    if (entry.manifest.id == id) return &entry;
    if (ids.empty() || ids.back() != entry.manifest.id) ids.push_back(entry.manifest.id);
  }
  const auto kind = interface.substr(interface.find('.') + 1);
  auto message = "there is no " + std::string(kind.substr(0, kind.find('/'))) + " plugin \"" +
                 std::string(id) + "\"";
  if (const auto near = did_you_mean(id, ids); !near.empty())
    message += " (did you mean \"" + near + "\"?)";
  message += ids.empty() ? "; none is installed" : "; there is: " + join(ids, ", ");
  return fail(ErrorCode::kNotFound, std::move(message));
}

}  // namespace recorte::plugin
