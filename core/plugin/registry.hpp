/// Which plugins there are: the libraries in the plugin directories, by their manifests alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/manifest.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace recorte::plugin {

struct Entry {
  std::filesystem::path file;
  Manifest manifest;
};
struct Refusal {
  std::filesystem::path file;
  Error error;
};

class Registry {
 public:
  /// Every *.so directly in each directory (a directory that does not exist holds none).
  static Registry scan(const std::vector<std::filesystem::path>& directories);
  /// Those of the directories, and the plugin in one file in the place of all others of its id.
  static Result<Registry> around(const std::filesystem::path& file,
                                 const std::vector<std::filesystem::path>& directories);
  /// RECORTE_PLUGIN_PATH (colon-separated) if set, then <program>/../plugins (build tree), then
  /// <program>/../lib/recorte/plugins (installed).
  static std::vector<std::filesystem::path> default_directories();

  const std::vector<Entry>& plugins() const {
    return plugins_;
  }  ///< by id, then newest version first
  const std::vector<Refusal>& refused() const { return refused_; }
  /// The newest with that id and interface. kNotFound names what there is, and the nearest.
  Result<const Entry*> find(std::string_view id, std::string_view interface) const;

 private:
  std::vector<Entry> plugins_;
  std::vector<Refusal> refused_;
};

}  // namespace recorte::plugin
