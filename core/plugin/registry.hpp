/// Which plugins there are: the libraries in the plugin directories, by their manifests alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/in_use.hpp"
#include "core/plugin/manifest.hpp"

#include <filesystem>
#include <string_view>
#include <utility>
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
  /// RECORTE_PLUGIN_PATH (colon-separated) if set, then <program>/../plugins (build tree), then
  /// <program>/../lib/recorte/plugins (installed).
  static std::vector<std::filesystem::path> default_directories();

  const std::vector<Entry>& plugins() const {
    return plugins_;
  }  ///< by id, then newest version first
  const std::vector<Refusal>& refused() const { return refused_; }
  /// From now on, who asks for one of these is told why it is not to be had.
  void withdraw(std::vector<Withdrawn> withdrawn) { withdrawn_ = std::move(withdrawn); }
  /// The newest with that id and interface. kNotFound names what there is, and the nearest;
  /// kUnavailable says why it is withdrawn.
  Result<const Entry*> find(std::string_view id, std::string_view interface) const;

 private:
  Result<const Entry*> in_use(const Entry& entry) const;
  std::vector<Entry> plugins_;
  std::vector<Refusal> refused_;
  std::vector<Withdrawn> withdrawn_;
};

}  // namespace recorte::plugin
