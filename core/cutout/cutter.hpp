/// One request to one product: locate, run the algorithm, write. The worker's whole work.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/catalogue.hpp"
#include "core/cutout/image_cache.hpp"
#include "core/cutout/locate.hpp"
#include "core/cutout/product_sink.hpp"
#include "core/cutout/task.hpp"
#include "core/cutout/watch.hpp"
#include "core/plugin/host.hpp"
#include "core/plugin/stage.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace recorte::cutout {

class Cutter {
 public:
  /// `remote`, which is borrowed, opens what is no file here; null: nothing does.
  Cutter(const std::filesystem::path& surveys, plugin::Registry registry,
         const CacheLimits& limits = {}, fits::RemoteFiles* remote = nullptr);

  /// Every item of the task, its products one after another into the sink. An item that fails is an
  /// outcome with an error, and its bytes are taken back; cancellation ends the task.
  Result<TaskReport> run(const Task& task, const Watch& watch, int sink);
  /// For each item whether images cover it, by footprints alone (core/cutout/cover.hpp).
  Result<std::string> cover(const Task& task, const Watch& watch);
  /// The images that answer, without reading pixels.
  Result<Location> locate(const TaskItem& item, const Task& task, const Watch& watch);
  Catalogue& catalogue() { return catalogue_; }
  /// What plugins did wrong since this was last asked.
  std::vector<plugin::Fault> take_faults() { return std::exchange(faults_, {}); }

 private:
  /// One item: an outcome in any case, but for what ends the task.
  Result<Outcome> run(const TaskItem& item, const Task& task, const Watch& watch, int sink,
                      std::int64_t begin);
  Status cut(const TaskItem& item, const Task& task, const Watch& watch, ProductSink& sink,
             Outcome& outcome);

  plugin::Host host_;
  Catalogue catalogue_;
  ImageCache cache_;
  std::vector<plugin::Fault> faults_;
};

}  // namespace recorte::cutout
