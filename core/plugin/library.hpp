/// A loaded plugin (Boost.DLL): local, immediate binding, never unmapped. Only recorte-worker
/// loads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/host.hpp"
#include "core/plugin/manifest.hpp"

#include <filesystem>

namespace recorte::plugin {

class Library {
 public:
  /// Reads the manifest, loads, finds the entry, calls it. Each refusal is one sentence that names
  /// the file and quotes dlerror where it has one.
  static Result<Library> load(const std::filesystem::path& file, const Host& host);

  const Manifest& manifest() const { return manifest_; }
  /// The tables; nullptr where the plugin does not provide the interface.
  const recorte_survey* survey() const { return survey_; }
  const recorte_algorithm* algorithm() const { return algorithm_; }

 private:
  Manifest manifest_;
  const recorte_survey* survey_ = nullptr;
  const recorte_algorithm* algorithm_ = nullptr;
};

}  // namespace recorte::plugin
