/// The threads that answer: a bounded queue in front of them, so that a burst is refused and not
/// collected.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace recorte::http {

class Pool {
 public:
  /// At most `waiting` jobs wait for one of `threads`.
  Pool(std::size_t threads, std::size_t waiting);
  ~Pool() { stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// [any thread] False where the queue is full or the pool has stopped. A job must not throw.
  bool post(std::function<void()> job);
  /// Waits for the jobs that run; drops those that wait.
  void stop();

 private:
  void run();

  const std::size_t waiting_;
  std::mutex mutex_;
  std::condition_variable some_;
  std::deque<std::function<void()>> jobs_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace recorte::http
