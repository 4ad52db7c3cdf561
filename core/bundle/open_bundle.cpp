// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/open_bundle.hpp"

#include "core/base/io.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cstdio>

namespace recorte::bundle {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kLongestManifest = 1 << 20;  // bytes

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
  const auto text = read_file(directory / "plugin.json", kLongestManifest);
  if (!text)
    return fail(text.error().code, bundle.string() + ": its plugin.json is larger than " +
                                       std::to_string(kLongestManifest) +
                                       " bytes, or cannot be read");
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

Error of_bundle(Error error, const fs::path& library, const fs::path& bundle) {
  const auto& name = library.native();
  for (auto at = error.message.find(name); at != error.message.npos; at = error.message.find(name))
    error.message.replace(at, name.size(), bundle.native());
  return error;
}

Result<Opened> open_bundle(const fs::path& bundle, const fs::path& directory, const Rules& rules) {
  auto unpacked = unpack(bundle, directory, rules);
  if (!unpacked) return fail(std::move(unpacked).error());
  const auto library = library_of(bundle, unpacked->sums);
  if (!library) return fail(library.error());
  const auto& digits = unpacked->sums.find(*library)->second;
  const auto file = directory / (digits + ".so");
  if (::rename((directory / *library).c_str(), file.c_str()) != 0)
    return fail(os_error("cannot rename " + file.string()));
  auto manifest = plugin::read_manifest(file);
  if (!manifest) return fail(of_bundle(std::move(manifest).error(), file, bundle));
  RECORTE_TRY(check_manifest(bundle, directory, *manifest));
  return Opened{*std::move(manifest), digits, std::move(unpacked->signer)};
}

}  // namespace recorte::bundle
