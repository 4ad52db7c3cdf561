/// Writes a tar archive (POSIX.1-1988 ustar; pax headers for long names) to a descriptor, one entry
/// after another. Our own, because later an archive's byte ranges must be known before it is
/// written, and because the command links next to nothing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::store {

class TarWriter {
 public:
  /// Borrows the descriptor; `time` (seconds since 1970) is every entry's.
  TarWriter(int fd, std::int64_t time) : fd_(fd), time_(time) {}
  /// An entry whose bytes are [offset, offset + size) of another descriptor.
  Status add(std::string_view name, int source, std::int64_t offset, std::int64_t size);
  Status add(std::string_view name, std::string_view bytes);
  /// The two zero blocks at the end.
  Status finish();

 private:
  Status header(std::string_view name, std::int64_t size, char type);
  Status begin(std::string_view name, std::int64_t size);
  Status pad(std::int64_t size);
  int fd_;
  std::int64_t time_;
};

}  // namespace recorte::store
