/// Whether a file is still the one that was read: its size, time of change and inode.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <filesystem>

namespace recorte {

struct FileStamp {
  std::int64_t size = -1, mtime_ns = 0;  ///< size -1: there is no such file
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
};

/// kNotFound or kUnavailable names the file.
Result<FileStamp> file_stamp(const std::filesystem::path& path);
/// Of an open file. kUnavailable.
Result<FileStamp> file_stamp(int fd);

}  // namespace recorte
