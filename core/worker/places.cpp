// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/places.hpp"

#include "core/worker/pool.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace recorte::worker {
namespace {

/// How often one that waits looks for an idle process.
constexpr std::chrono::milliseconds kLook{10};

}  // namespace

void Places::take() {
  std::unique_lock lock(mutex_);
  while (taken_ >= most_) {
    // When one was used last changes meanwhile.
    std::vector<std::pair<std::int64_t, Pool*>> order;
    for (auto* pool : pools_) order.emplace_back(pool->last_used(), pool);
    std::ranges::sort(order);
    // The lock keeps the pools; that of a pool is only taken inside of it.
    Pool::Retired retired;
    for (const auto& [used, pool] : order)
      if (retired = pool->retire_one(); retired) break;
    if (retired) {
      lock.unlock();
      retired.reset();  // and its place is ours
      return;
    }
    freed_.wait_for(lock, kLook);
  }
  ++taken_;
}

void Places::give_back(std::size_t count) {
  {
    const std::lock_guard lock(mutex_);
    taken_ -= count;
  }
  freed_.notify_all();
}

std::size_t Places::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

void Places::join(Pool& pool) {
  const std::lock_guard lock(mutex_);
  pools_.push_back(&pool);
}

void Places::leave(Pool& pool) {
  const std::lock_guard lock(mutex_);
  std::erase(pools_, &pool);
}

}  // namespace recorte::worker
