// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/stamp.hpp"

#include "core/base/io.hpp"

#include <sys/stat.h>

namespace recorte {
namespace {

FileStamp stamp_of(const struct stat& status) {
  return {status.st_size, status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec,
          status.st_ino};
}

}  // namespace

Result<FileStamp> file_stamp(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(os_error(path.string()));
  return stamp_of(status);
}

Result<FileStamp> file_stamp(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail(os_error("a descriptor has no stamp"));
  return stamp_of(status);
}

}  // namespace recorte
