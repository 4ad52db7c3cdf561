/// How many processes several pools may have together. One that has none left to start gets the
/// place of another's that is idle, of the pool that has been idle longest.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace recorte::worker {

class Pool;

class Places {
 public:
  explicit Places(std::size_t most) : most_(most) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;

  /// A process more. Waits where all are at work, which does not come to pass where no more tasks
  /// are given out than there are places. [any thread]
  void take();
  /// So many fewer. [any thread]
  void give_back(std::size_t count = 1);
  std::size_t taken() const;

  // Pools that share the places, while they last.
  void join(Pool& pool);
  void leave(Pool& pool);

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Pool*> pools_;
  std::size_t taken_ = 0;
};

}  // namespace recorte::worker
