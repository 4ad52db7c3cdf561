/// Which plugins there are: the libraries in the plugin directories and those that are enabled in
/// the store, by their manifests alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/in_use.hpp"
#include "core/plugin/manifest.hpp"
#include "core/plugin/store.hpp"
#include "core/plugin/version.hpp"

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::plugin {

struct Entry {
  std::filesystem::path file;
  Manifest manifest;
  std::string sha256 = {};  ///< of the file as it was installed; "": it is in no store
};
struct Refusal {
  std::filesystem::path file;
  Error error;
};

class Registry {
 public:
  /// Every *.so directly in each directory (a directory that does not exist holds none); of a
  /// directory that is a store, what is enabled.
  static Registry scan(const std::vector<std::filesystem::path>& directories);
  /// Those of the directories, and the plugin in one file in the place of all others of its id.
  static Result<Registry> around(const std::filesystem::path& file,
                                 const std::vector<std::filesystem::path>& directories);
  /// RECORTE_PLUGIN_PATH (colon-separated) if set, then <program>/../plugins (build tree), then
  /// <program>/../lib/recorte/plugins (installed).
  static std::vector<std::filesystem::path> default_directories();
  /// Where a server's plugins are: `directories`, the default ones where there are none, then
  /// `store`, where it is not "".
  static std::vector<std::filesystem::path> directories(
      std::vector<std::filesystem::path> directories, const std::filesystem::path& store);

  const std::vector<Entry>& plugins() const {
    return plugins_;
  }  ///< by id, then newest version first
  const std::vector<Refusal>& refused() const { return refused_; }
  /// From now on, who asks for one of these is told why it is not to be had.
  void withdraw(std::vector<Withdrawn> withdrawn) { withdrawn_ = std::move(withdrawn); }
  /// What is in a store and not enabled.
  const std::vector<Installed>& disabled() const { return disabled_; }
  /// The newest with that id and interface, of the versions in `range` where there is one.
  /// kNotFound names what there is, the nearest, and what would have to be enabled;
  /// kUnavailable says why it is withdrawn.
  Result<const Entry*> find(std::string_view id, std::string_view interface,
                            const VersionRange* range = nullptr) const;
  /// Whether find() finds one, whatever its interface.
  Status check_pin(std::string_view id, const VersionRange& range) const;

 private:
  Result<const Entry*> in_use(const Entry& entry) const;
  void scan_directory(const std::filesystem::path& directory);
  void scan_store(const Store& store);
  void add(const std::filesystem::path& file, Manifest manifest, std::string sha256);
  std::string of_store(std::string_view id, const VersionRange* range) const;

  std::vector<Entry> plugins_;
  std::vector<Refusal> refused_;
  std::vector<Installed> disabled_;
  std::vector<Withdrawn> withdrawn_;
};

/// Ready to be loaded: kData where it is in a store and has changed since it was installed.
Status check_content(const Entry& entry);

}  // namespace recorte::plugin
