/// What goes into a bundle: a plugin's library, its manifest, and the documents beside it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/manifest.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::bundle {

struct Member {
  std::string name;
  std::string bytes;
};

struct Contents {
  plugin::Manifest manifest;
  std::vector<Member> members;     ///< ID.so, plugin.json, README.md, LICENSE, docs/…
  std::vector<std::string> lacks;  ///< "README.md", "LICENSE": what others will miss
};

/// Of a library; or of a directory that holds one, or whose build directory (build*/…) does: a
/// project. Documents are the README, licence, changes and citation beside the library, or at the
/// head of the project, and everything in docs/. kNotFound where there is no plugin; kUsage where
/// there are several; kPlugin where it is a broken one; kData where a document has a name that no
/// bundle may hold.
Result<Contents> gather(const std::filesystem::path& file_or_directory);

}  // namespace recorte::bundle
