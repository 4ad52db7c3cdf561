// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/sinks.hpp"

#include <sys/stat.h>

#include <mutex>
#include <utility>
#include <vector>

namespace recorte::schedule {
namespace {

/// So many are kept, if their products took no more than so many bytes.
constexpr std::size_t kKept = 16;
constexpr std::int64_t kKeptBytes = 1 << 20;

}  // namespace

struct Sinks::Resting {
  std::mutex mutex;
  std::vector<store::Sink> sinks;

  void add(store::Sink sink) {
    // Not where the last product ends: what failed may have taken more.
    struct stat about {};
    if (::fstat(sink.descriptor(), &about) != 0 || about.st_blocks * 512 > kKeptBytes ||
        !sink.rewind())
      return;
    const std::lock_guard lock(mutex);
    if (sinks.size() < kKept) sinks.push_back(std::move(sink));
  }
};

Sinks::Sinks(std::filesystem::path spill)
    : spill_(std::move(spill)), resting_(std::make_shared<Resting>()) {}

Result<std::shared_ptr<const store::Sink>> Sinks::in_memory() {
  const auto lent = [this](store::Sink sink) {
    return std::shared_ptr<const store::Sink>(
        new store::Sink(std::move(sink)), [resting = resting_](const store::Sink* used) {
          const std::unique_ptr<store::Sink> own(const_cast<store::Sink*>(used));
          resting->add(std::move(*own));
        });
  };
  {
    const std::lock_guard lock(resting_->mutex);
    if (!resting_->sinks.empty()) {
      auto sink = std::move(resting_->sinks.back());
      resting_->sinks.pop_back();
      return lent(std::move(sink));
    }
  }
  auto made = store::Sink::in_memory();
  if (!made) return fail(std::move(made).error());
  return lent(std::move(*made));
}

Result<std::shared_ptr<const store::Sink>> Sinks::on_disk() {
  auto made = store::Sink::on_disk(spill_);
  if (!made) return fail(std::move(made).error());
  return std::make_shared<const store::Sink>(std::move(*made));
}

}  // namespace recorte::schedule
