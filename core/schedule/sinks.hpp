/// The files that workers write products into. Those in memory are used again and again: the pages
/// of a new one cost as much as the pixels of a small cutout.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/store/sink.hpp"

#include <filesystem>
#include <memory>

namespace recorte::schedule {

class Sinks {
 public:
  /// `spill`: the directory of those on disk.
  explicit Sinks(std::filesystem::path spill);

  /// Empty, and nobody else's until the last copy goes. [any thread]
  Result<std::shared_ptr<const store::Sink>> in_memory();
  Result<std::shared_ptr<const store::Sink>> on_disk();

 private:
  struct Resting;
  std::filesystem::path spill_;
  std::shared_ptr<Resting>
      resting_;  ///< shared with the sinks on their way, which may outlive this
};

}  // namespace recorte::schedule
