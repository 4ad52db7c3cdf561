// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/crew.hpp"

#include <utility>

namespace recorte::batch {

Crew::Crew(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  more_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Crew::post(std::function<void()> work) {
  // With the lock: this work may be the last, after which the crew goes.
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(work));
  more_.notify_one();
}

void Crew::drain() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return waiting_.empty() && working_ == 0; });
}

void Crew::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    more_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    ++working_;
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
    --working_;
    idle_.notify_all();
  }
}

}  // namespace recorte::batch
