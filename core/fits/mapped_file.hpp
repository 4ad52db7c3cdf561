/// A file mapped for reading, of which a page may go missing: where the file shrinks, or its disk
/// fails, the system raises SIGBUS. Reading inside a Glance turns that into zeros and a mark, for
/// whoever reads to look at afterwards. A handler for SIGBUS is set, once a process; what is not
/// ours it leaves to the one from before.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace recorte::fits {

struct SigbusHandler;

class MappedFile {
 public:
  /// Zeros after the end that may be read too: decoders look ahead.
  static constexpr std::size_t kPadding = 1024;

  /// The first `size` bytes behind `fd`, which may be closed then. Null where it cannot be mapped
  /// (or is empty): read it by descriptor.
  static std::unique_ptr<MappedFile> map(int fd, std::int64_t size);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// To be read inside a Glance only. May change at any time, as the file does.
  std::span<const std::uint8_t> bytes() const { return {begin_, size_}; }
  /// Some page went missing; zeros are in its place, and in that of all that follow, for good.
  bool torn() const { return torn_.load(std::memory_order_relaxed); }

  /// While it lives, its thread may read `file`. Glances nest.
  class Glance {
   public:
    explicit Glance(const MappedFile& file);
    ~Glance();
    Glance(const Glance&) = delete;
    Glance& operator=(const Glance&) = delete;

   private:
    friend struct SigbusHandler;
    const MappedFile& file_;
    const Glance* outer_;
  };

 private:
  MappedFile(const std::uint8_t* begin, std::size_t size, std::size_t mapped)
      : begin_(begin), size_(size), mapped_(mapped) {}
  bool mend(const void* address) const;
  friend struct SigbusHandler;

  const std::uint8_t* begin_;
  std::size_t size_, mapped_;
  mutable std::atomic<bool> torn_{false};
};

}  // namespace recorte::fits
