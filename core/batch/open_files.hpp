/// Descriptors of the files that were read last, a bounded number of them: jobs have more packs
/// than a process may have files open. [any thread]
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>

namespace recorte::batch {

class OpenFiles {
 public:
  explicit OpenFiles(std::size_t most) : most_(most) {}
  /// What was added under that key, where it is still there.
  std::shared_ptr<const Fd> find(const void* key);
  /// In the place of the one that was not asked for longest; who still reads that one keeps it.
  void add(const void* key, std::shared_ptr<const Fd> file);
  void remove(const void* key);

 private:
  struct Kept {
    const void* key;
    std::shared_ptr<const Fd> file;
  };
  const std::size_t most_;
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the last used first; short, so looked through
};

}  // namespace recorte::batch
