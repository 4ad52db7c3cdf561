/// A bundle as the plugin that it holds, before anything of it runs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/bundle/read_bundle.hpp"
#include "core/plugin/manifest.hpp"

namespace recorte::bundle {

struct Opened {
  plugin::Manifest manifest;
  std::string sha256;  ///< of the library, which is SHA256.so in the directory
  std::string signer;  ///< the name of the key; "": nobody signed it
};

/// Unpacks it (read_bundle.hpp). Errors, besides unpack()'s and read_manifest()'s: kData where
/// there is not one library, or plugin.json is not its manifest. They name the bundle.
Result<Opened> open_bundle(const std::filesystem::path& bundle,
                           const std::filesystem::path& directory, const Rules& rules);
/// The same error, of a library that was unpacked: it names the bundle, which is still there when
/// it is read.
Error of_bundle(Error error, const std::filesystem::path& library,
                const std::filesystem::path& bundle);

}  // namespace recorte::bundle
