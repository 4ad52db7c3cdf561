/// From a bundle into the store: unpacked, checked, loaded once in a child that is thrown away. A
/// bundle that is refused leaves nothing behind.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/bundle/read_bundle.hpp"
#include "core/plugin/probe.hpp"
#include "core/plugin/store.hpp"

namespace recorte::bundle {

struct InstallReport {
  plugin::Installed installed;
  plugin::Manifest manifest;
  std::string signer;    ///< "": nobody signed it
  bool already = false;  ///< it was there before, the same
};

/// Waits while somebody else changes the store. Nothing is enabled. Errors, besides those of
/// open_bundle() and probe(): kUsage where the same version is installed with another library.
Result<InstallReport> install(const plugin::Store& store, const std::filesystem::path& bundle,
                              const Rules& rules, const plugin::ProbeOptions& probe);

}  // namespace recorte::bundle
