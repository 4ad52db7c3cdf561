/// A few threads for what blocks on the disk: opening, hashing and fsyncing packs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace recorte::batch {

class Crew {
 public:
  explicit Crew(std::size_t threads);
  /// Does what was given to it before.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  /// [any thread] Never blocks.
  void post(std::function<void()> work);
  /// Waits until what was given to it before is done.
  void drain();

 private:
  void serve();
  std::mutex mutex_;
  std::condition_variable more_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> waiting_;
  std::size_t working_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace recorte::batch
