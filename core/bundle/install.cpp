// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/install.hpp"

#include "core/base/io.hpp"
#include "core/bundle/open_bundle.hpp"
#include "core/bundle/scratch.hpp"

#include <algorithm>

namespace recorte::bundle {

Result<InstallReport> install(const plugin::Store& store, const std::filesystem::path& bundle,
                              const Rules& rules, const plugin::ProbeOptions& probe) {
  const auto held = store.lock();
  if (!held) return fail(held.error());
  auto made = store.staging();
  if (!made) return fail(std::move(made).error());
  const Scratch staging(*std::move(made));
  auto opened = open_bundle(bundle, staging.path(), rules);
  if (!opened) return fail(std::move(opened).error());
  const auto& manifest = opened->manifest;

  InstallReport out{{manifest.id, manifest.version, opened->sha256, {}}, manifest, opened->signer};
  auto all = store.list();
  if (!all) return fail(std::move(all).error());
  const auto same = std::ranges::find_if(*all, [&](const plugin::Installed& item) {
    return item.id == manifest.id && item.version == manifest.version;
  });
  if (same != all->end()) {
    if (same->sha256 != opened->sha256)
      return fail(ErrorCode::kUsage, bundle.string() + ": " + same->name() +
                                         " is installed already, and is another library (" +
                                         same->sha256 + ", not " + opened->sha256 +
                                         "): give the new one another version, or remove that one");
    out.installed = std::move(*same);
    out.already = true;
    return out;
  }
  const auto library = staging.path() / (opened->sha256 + ".so");
  if (auto probed = plugin::probe(library, probe); !probed)
    return fail(of_bundle(std::move(probed).error(), library, bundle));
  RECORTE_TRY(sync_directory(staging.path()));
  RECORTE_TRY(store.take(staging.path(), out.installed));
  auto installed = store.find(manifest.id, manifest.version);
  if (!installed) return fail(std::move(installed).error());
  out.installed = *std::move(installed);
  return out;
}

}  // namespace recorte::bundle
