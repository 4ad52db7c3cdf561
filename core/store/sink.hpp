/// Where a worker's products wait until they are in their container. In memory: a file of a fixed
/// size that is used again and again, so that its pages stay warm, sealed, so that nobody makes it
/// shorter under those who read it. On disk: an unnamed file, for what may be larger.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "core/store/content.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace recorte::store {

class Sink {
 public:
  /// Of one in memory, which takes only as much of it as is written. What would go past it fails.
  static constexpr std::int64_t kMemory = 64 << 20;

  static Result<Sink> in_memory();
  static Result<Sink> on_disk(const std::filesystem::path& directory);
  Sink(Sink&& other) noexcept;
  Sink& operator=(Sink&& other) noexcept;
  ~Sink();

  /// For the next task, which writes from the beginning.
  Status rewind();
  int descriptor() const { return fd_.get(); }
  const Fd& file() const { return fd_; }
  bool is_bounded() const { return !map_.empty(); }
  /// [offset, offset + size), which a worker says that it wrote; good until the next task.
  Content content(std::int64_t offset, std::int64_t size) const;
  /// Where what was written last ends.
  std::int64_t end() const;

 private:
  explicit Sink(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
  std::span<const std::byte> map_;  ///< of what is in memory
};

}  // namespace recorte::store
