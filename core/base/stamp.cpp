// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/stamp.hpp"

#include "core/base/io.hpp"

#include <sys/stat.h>

namespace recorte {

Result<FileStamp> file_stamp(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(os_error(path.string()));
  return FileStamp{status.st_size, status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec,
                   status.st_ino};
}

}  // namespace recorte
