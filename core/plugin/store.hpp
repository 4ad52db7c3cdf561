/// The plugins that an admin installed: DIR/ID/VERSION/SHA256.so beside its manifest and documents,
/// several versions side by side. DIR/enabled, a line for each, says which are used.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::plugin {

struct Installed {
  std::string id, version;
  std::string sha256;               ///< of the library, which is called so
  std::filesystem::path directory;  ///< its own: library, plugin.json, README.md and so on
  bool enabled = false;

  std::filesystem::path library() const { return directory / (sha256 + ".so"); }
  std::string name() const { return id + "@" + version; }  ///< as commands take it
};

class Store {
 public:
  /// Touches nothing.
  explicit Store(std::filesystem::path root) : root_(std::move(root)) {}
  /// Whether the directory is one: there is a file `enabled` in it.
  static bool is_one(const std::filesystem::path& directory);

  const std::filesystem::path& root() const { return root_; }

  // Reading. kForbidden where anyone may write there: what lies in it may be anyone's.
  /// All, by id, then newest first; none where there is no store.
  Result<std::vector<Installed>> list() const;
  /// kNotFound names what there is. Without a version ("") the newest.
  Result<Installed> find(std::string_view id, std::string_view version) const;

  // Changing. Whole or not at all, even when the machine stops, and one at a time, of all
  // processes. kForbidden where the store is another user's, whom the message names.
  enum class Others { kStay, kDisable };
  /// The newest where `version` is "". kData where the library is not what was installed. With
  /// kDisable the other versions of the plugin are not used any longer.
  Result<Installed> enable(std::string_view id, std::string_view version, Others others) const;
  /// One version, or all where `version` is "". Returns those that were enabled until now.
  Result<std::vector<Installed>> disable(std::string_view id, std::string_view version) const;
  /// Disables it as well. Processes that have loaded it keep it.
  Status remove(std::string_view id, std::string_view version) const;

  /// Makes the store where there is none, waits until nobody else changes it, and clears away what
  /// a process that was killed left. Nobody else changes it while the descriptor is open.
  Result<Fd> lock() const;
  /// Under the lock: a new directory in the store, for take().
  Result<std::filesystem::path> staging() const;
  /// Under the lock: a directory of staging(), whose files are on the disk, becomes a version that
  /// is installed and not enabled. kUsage where that version is there.
  Status take(const std::filesystem::path& staged, const Installed& what) const;

 private:
  Status check_readable() const;
  Result<std::vector<std::string>> names() const;
  Status write_names(std::vector<std::string> names) const;
  Status forget(std::string_view id, std::string_view version) const;

  std::filesystem::path root_;
};

/// kData where the library has changed since it was installed.
Status check_content(const std::filesystem::path& library, const std::string& sha256);

}  // namespace recorte::plugin
