// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/install.hpp"

#include "core/base/io.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>

namespace recorte::bundle {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A directory that goes when it was not taken.
class Staging {
 public:
  explicit Staging(fs::path directory) : directory_(std::move(directory)) {}
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code error;
    fs::remove_all(directory_, error);
  }
  const fs::path& path() const { return directory_; }

 private:
  fs::path directory_;
};

bool is_library(const std::string& name) { return fs::path(name).extension() == ".so"; }

/// The name of the one library among the members.
Result<std::string> library_of(const fs::path& bundle, const Sums& sums) {
  std::string out;
  for (const auto& [name, digits] : sums) {
    if (!is_library(name)) continue;
    if (!out.empty() || name.find('/') != name.npos)
      return fail(ErrorCode::kData, bundle.string() +
                                        ": a bundle holds one library, at its head, not '" + name +
                                        "' as well");
    out = name;
  }
  if (out.empty() || !sums.contains("plugin.json"))
    return fail(ErrorCode::kData,
                bundle.string() + ": it holds no " + (out.empty() ? "library" : "plugin.json"));
  return out;
}

/// Who reads plugin.json has read what the library says, to the last word.
Status check_manifest(const fs::path& bundle, const fs::path& directory,
                      const plugin::Manifest& manifest) {
  const auto text = read_file(directory / "plugin.json", kMostBytes);
  if (!text) return fail(text.error());
  const auto said = json::parse(*text, nullptr, false);
  if (said == json::parse(manifest.text, nullptr, false)) return {};
  const auto of = [&](const char* key) {
    return said.is_object() && said.contains(key) && said[key].is_string()
               ? said[key].get<std::string>()
               : "?";
  };
  return fail(ErrorCode::kData, bundle.string() + ": its plugin.json (" + of("id") + " " +
                                    of("version") + ") is not the manifest of its library (" +
                                    manifest.id + " " + manifest.version + ")");
}

}  // namespace

Result<InstallReport> install(const plugin::Store& store, const fs::path& bundle,
                              const Rules& rules, const plugin::ProbeOptions& probe) {
  const auto held = store.lock();
  if (!held) return fail(held.error());
  auto made = store.staging();
  if (!made) return fail(std::move(made).error());
  const Staging staging(*std::move(made));
  auto unpacked = unpack(bundle, staging.path(), rules);
  if (!unpacked) return fail(std::move(unpacked).error());
  const auto library = library_of(bundle, unpacked->sums);
  if (!library) return fail(library.error());
  const auto& digits = unpacked->sums.find(*library)->second;
  const auto file = staging.path() / (digits + ".so");
  if (::rename((staging.path() / *library).c_str(), file.c_str()) != 0)
    return fail(os_error("cannot rename " + file.string()));

  // Errors name the bundle: the library is gone when they are read.
  const auto of_bundle = [&](Error error) {
    for (auto at = error.message.find(file.string()); at != error.message.npos;
         at = error.message.find(file.string()))
      error.message.replace(at, file.string().size(), bundle.string());
    return error;
  };
  auto manifest = plugin::read_manifest(file);
  if (!manifest) return fail(of_bundle(std::move(manifest).error()));
  RECORTE_TRY(check_manifest(bundle, staging.path(), *manifest));

  InstallReport out{{manifest->id, manifest->version, digits, {}}, *manifest, unpacked->signer};
  auto all = store.list();
  if (!all) return fail(std::move(all).error());
  const auto same = std::ranges::find_if(*all, [&](const plugin::Installed& item) {
    return item.id == manifest->id && item.version == manifest->version;
  });
  if (same != all->end()) {
    if (same->sha256 != digits)
      return fail(ErrorCode::kUsage, bundle.string() + ": " + same->name() +
                                         " is installed already, and is another library (" +
                                         same->sha256 + ", not " + digits +
                                         "): give the new one another version, or remove that one");
    out.installed = std::move(*same);
    out.already = true;
    return out;
  }
  if (auto probed = plugin::probe(file, probe); !probed)
    return fail(of_bundle(std::move(probed).error()));
  RECORTE_TRY(sync_directory(staging.path()));
  RECORTE_TRY(store.take(staging.path(), out.installed));
  auto installed = store.find(manifest->id, manifest->version);
  if (!installed) return fail(std::move(installed).error());
  out.installed = *std::move(installed);
  return out;
}

}  // namespace recorte::bundle
