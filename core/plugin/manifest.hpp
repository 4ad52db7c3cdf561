/// A plugin's identity and contract, read from a section of its file without running a line of it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::plugin {

struct Manifest {
  std::string id;                       ///< [a-z][a-z0-9_-]*
  std::string name;                     ///< for people
  std::string version;                  ///< major.minor.patch
  std::string licence;                  ///< SPDX ("license" in plugin.json)
  int abi_major = 0, abi_minor = 0;     ///< "abi": "1.0"
  std::vector<std::string> interfaces;  ///< "recorte.survey/1", "recorte.algorithm/1"
  std::vector<std::string> formats;     ///< of an algorithm: what it makes: "fits"
  bool combines = false;   ///< an algorithm: takes several images of a band, on the target grid
  bool as_stored = false;  ///< an algorithm: only where their pixels need no change for that
  /// A survey: its images are those of the index that `recorte survey index` makes, so that its
  /// file is that of the adapter tiles, and checked as such.
  bool indexed = false;
  /// A survey: what its file need not say, an object like that file; and the same of each release.
  std::string defaults;
  std::map<std::string, std::string> releases;
  std::string config_schema;  ///< JSON Schema text; "" where there is none
  std::string params_schema;  ///< of an algorithm's user parameters; "" where there is none
  std::string text;           ///< the whole JSON

  /// "tiles 1.2.0".
  std::string label() const { return id + " " + version; }
  bool provides(std::string_view interface) const;
};

/// From the JSON text. kPlugin says which member is missing or wrong.
Result<Manifest> parse_manifest(std::string_view json);
/// From the section .recorte.manifest of a 64-bit little-endian ELF shared library. Trusts nothing:
/// bounds are checked. kPlugin names the file and says whether it is no library, has no manifest,
/// or a broken one, or speaks an ABI that this host does not.
Result<Manifest> read_manifest(const std::filesystem::path& file);

}  // namespace recorte::plugin
