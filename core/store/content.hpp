/// What goes into an archive: a name, and bytes that lie in memory or in a range of a descriptor.
/// All of it is borrowed until the call that takes it returns.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace recorte::store {

class Content {
 public:
  Content() = default;
  explicit Content(std::span<const std::byte> memory) : memory_(memory) {}
  explicit Content(std::string_view text)
      : memory_(std::as_bytes(std::span(text.data(), text.size()))) {}
  /// [offset, offset + size) of a descriptor that can be read at any place.
  Content(int fd, std::int64_t offset, std::int64_t size) : fd_(fd), offset_(offset), size_(size) {}

  bool in_memory() const { return fd_ < 0; }
  std::span<const std::byte> memory() const { return memory_; }
  int descriptor() const { return fd_; }
  std::int64_t offset() const { return offset_; }
  std::int64_t size() const {
    return in_memory() ? static_cast<std::int64_t>(memory_.size()) : size_;
  }

 private:
  std::span<const std::byte> memory_;
  int fd_ = -1;
  std::int64_t offset_ = 0, size_ = 0;
};

struct Entry {
  std::string name;
  Content content;
};

}  // namespace recorte::store
