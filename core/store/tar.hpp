/// Writes a tar archive (POSIX.1-1988 ustar; pax headers for long names) to a descriptor, one entry
/// after another. Our own, because later an archive's byte ranges must be known before it is
/// written, and because the command links next to nothing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/store/content.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace recorte::store {

class TarWriter {
 public:
  /// Borrows the descriptor; `time` (seconds since 1970) is every entry's.
  TarWriter(int fd, std::int64_t time) : fd_(fd), time_(time) {}
  /// Several entries, written with as few calls as can be.
  Status add(std::span<const Entry> entries);
  Status add(std::string_view name, const Content& content);
  /// The two zero blocks at the end.
  Status finish();

 private:
  int fd_;
  std::int64_t time_;
};

}  // namespace recorte::store
