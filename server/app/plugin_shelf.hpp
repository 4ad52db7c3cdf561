/// The plugins that the server uses: a snapshot of their directories, so that each of its workers
/// has the same ones, until they are taken up anew.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"
#include "core/plugin/in_use.hpp"
#include "core/plugin/snapshot.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace recorte::app {

class PluginShelf {
 public:
  /// Takes the first snapshot, into the data directory, and removes what a server before has left.
  static Result<PluginShelf> open(const config::Settings& settings);

  /// The directories as they are now.
  Result<std::shared_ptr<const plugin::Snapshot>> look(const config::Settings& settings);
  const std::shared_ptr<const plugin::Snapshot>& now() const { return now_; }
  void set(std::shared_ptr<const plugin::Snapshot> snapshot) { now_ = std::move(snapshot); }

 private:
  explicit PluginShelf(std::filesystem::path place) : place_(std::move(place)) {}
  std::filesystem::path place_;
  std::uint64_t count_ = 0;
  std::shared_ptr<const plugin::Snapshot> now_;
};

/// Those of a snapshot, which lasts as long as they.
plugin::InUse in_use(const std::shared_ptr<const plugin::Snapshot>& snapshot);

}  // namespace recorte::app
