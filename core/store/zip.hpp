/// Writes a zip archive (PKWARE APPNOTE 6.3.10; ZIP64 where sizes or counts need it) to a
/// descriptor, one entry after another, stored and not compressed: sky noise hardly gets smaller.
/// Our own, because an entry must go from where it lies into the archive without a copy between,
/// and because the command links next to nothing: libzip writes only what it knows from the
/// beginning, libarchive brings a dozen libraries.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/store/content.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace recorte::store {

class ZipWriter {
 public:
  /// Borrows the descriptor, which stands where the archive begins; `time` (seconds since 1970) is
  /// every entry's, as UTC, in steps of two seconds and from 1980 on.
  ZipWriter(int fd, std::int64_t time);
  /// Several entries, written with as few calls as can be. Names are UTF-8, of 65,535 bytes at most
  /// (kUsage).
  Status add(std::span<const Entry> entries);
  Status add(std::string_view name, const Content& content);
  /// The central directory: without it there is no archive.
  Status finish();

 private:
  int fd_;
  std::uint32_t time_;
  std::int64_t written_ = 0;
  std::uint64_t entries_ = 0;
  std::string directory_;  ///< some 50 bytes and a name an entry
};

}  // namespace recorte::store
