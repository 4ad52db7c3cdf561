/// A loaded plugin (Boost.DLL): local, immediate binding, never unmapped. Only recorte-worker
/// loads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/host.hpp"
#include "core/plugin/manifest.hpp"

#include <filesystem>
#include <optional>

namespace recorte::plugin {

class Library {
 public:
  /// Reads the manifest, loads, finds the entry, calls it. Each refusal is one sentence that names
  /// the file and quotes dlerror where it has one.
  static Result<Library> load(const std::filesystem::path& file, const Host& host);

  const Manifest& manifest() const { return manifest_; }
  /// The tables, as long-lived as this object; nullptr where the plugin does not provide the
  /// interface.
  const recorte_survey* survey() const { return survey_ ? &*survey_ : nullptr; }
  const recorte_algorithm* algorithm() const { return algorithm_ ? &*algorithm_ : nullptr; }

 private:
  Manifest manifest_;
  std::optional<recorte_survey> survey_;
  std::optional<recorte_algorithm> algorithm_;
};

}  // namespace recorte::plugin
