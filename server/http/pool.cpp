// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/pool.hpp"

#include <algorithm>
#include <utility>

namespace recorte::http {

Pool::Pool(std::size_t threads, std::size_t waiting) : waiting_(waiting) {
  threads = std::max<std::size_t>(threads, 1);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

bool Pool::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || jobs_.size() >= waiting_) return false;
    jobs_.push_back(std::move(job));
  }
  some_.notify_one();
  return true;
}

void Pool::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      some_.wait(lock, [&] { return stopped_ || !jobs_.empty(); });
      if (stopped_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

void Pool::stop() {
  std::deque<std::function<void()>> dropped;  // ends outside of the lock
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);
  }
  some_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace recorte::http
