/// The bytes of a FITS file behind a descriptor: the file itself, or, where its content is gzip or
/// bzip2, an anonymous file in memory that holds it unpacked. Owns the descriptor.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <cstdint>
#include <string>

namespace recorte::fits {

/// More unpacked bytes than this are refused.
inline constexpr std::int64_t kMaxUnpacked = std::int64_t{8} << 30;

class Source {
 public:
  /// kNotFound, kForbidden; kData where the packing is broken or cut off; kTooLarge.
  static Result<Source> open(const std::string& path);

  /// Exactly `size` bytes at `offset`; kData where the file ends before.
  Status read(std::int64_t offset, void* out, std::int64_t size) const;
  std::int64_t size() const { return size_; }
  int fd() const { return fd_.get(); }
  bool unpacked() const { return unpacked_; }

 private:
  Source(Fd fd, std::int64_t size, bool unpacked)
      : fd_(std::move(fd)), size_(size), unpacked_(unpacked) {}
  Fd fd_;
  std::int64_t size_ = 0;
  bool unpacked_ = false;
};

}  // namespace recorte::fits
