/// A history that is gone when its test is over.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/history.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace recorte::service::test {

class MemoryHistory : public schedule::History {
 public:
  explicit MemoryHistory(std::vector<schedule::Run> runs = {}) : runs_(std::move(runs)) {}

  Status add(const schedule::Run& run) override {
    const std::lock_guard lock(mutex_);
    if (fails) return fail(ErrorCode::kUnavailable, "the disk is full");
    runs_.push_back(run);
    return {};
  }
  Result<std::vector<schedule::Run>> latest(std::int64_t) override {
    const std::lock_guard lock(mutex_);
    if (fails) return fail(ErrorCode::kUnavailable, "it is away");
    return runs_;
  }
  Result<std::int64_t> forget(Micros before) override {
    const std::lock_guard lock(mutex_);
    forgotten = before;
    return static_cast<std::int64_t>(
        std::erase_if(runs_, [&](const auto& run) { return run.ended < before; }));
  }

  bool fails = false;
  Micros forgotten = 0;

 private:
  std::mutex mutex_;
  std::vector<schedule::Run> runs_;
};

}  // namespace recorte::service::test
