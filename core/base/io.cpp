// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"

#include "core/base/id.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace recorte {

Fd::~Fd() { reset(); }

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Error os_error(std::string_view what) {
  const int number = errno;
  const auto code = number == ENOENT || number == ENOTDIR ? ErrorCode::kNotFound
                    : number == EACCES || number == EPERM ? ErrorCode::kForbidden
                                                          : ErrorCode::kUnavailable;
  return {code, std::string(what) + ": " + std::strerror(number)};
}

/// Whoever may open a file for writing may write: what stops it is the place.
static Error write_error() { return {ErrorCode::kUnavailable, os_error("cannot write").message}; }

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(os_error("cannot read " + path.string()));
  std::string out;
  std::string buffer(1 << 16, '\0');
  for (;;) {
    const auto n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read " + path.string()));
    if (n == 0) return out;
    out.append(buffer, 0, static_cast<std::size_t>(n));
    if (out.size() > limit)
      return fail(ErrorCode::kTooLarge,
                  path.string() + " is larger than " + std::to_string(limit) + " bytes");
  }
}

static Status write_beside(const std::filesystem::path& path, std::string_view bytes,
                           bool durably) {
  auto temporary = path;
  temporary += ".tmp" + random_hex(4);  // two threads, or hosts, may write one file
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return fail(os_error("cannot write " + path.string()));
  auto written = write_all(fd.get(), std::as_bytes(std::span(bytes.data(), bytes.size())));
  if (written && durably && ::fsync(fd.get()) != 0) written = fail(write_error());
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
  auto error = written
                   ? os_error("cannot write " + path.string())
                   : Error{written.error().code, path.string() + ": " + written.error().message};
  ::unlink(temporary.c_str());
  return fail(std::move(error));
}

Status write_file(const std::filesystem::path& path, std::string_view bytes) {
  return write_beside(path, bytes, false);
}

Status write_file_durably(const std::filesystem::path& path, std::string_view bytes) {
  RECORTE_TRY(write_beside(path, bytes, true));
  return sync_directory(path.has_parent_path() ? path.parent_path() : ".");
}

Status sync_directory(const std::filesystem::path& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return fail(os_error("cannot sync " + directory.string()));
  return {};
}

Status remove_file_durably(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) == 0)
    return sync_directory(path.has_parent_path() ? path.parent_path() : ".");
  if (errno == ENOENT || errno == ENOTDIR) return {};
  return fail(os_error("cannot remove " + path.string()));
}

Status write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(write_error());
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Status pwrite_all(int fd, std::span<const std::byte> bytes, std::int64_t offset) {
  while (!bytes.empty()) {
    const auto n = ::pwrite(fd, bytes.data(), bytes.size(), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(write_error());
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += n;
  }
  return {};
}

Status pwrite_all(int fd, std::span<const std::byte> first, std::span<const std::byte> second,
                  std::int64_t offset) {
  const auto part = [](std::span<const std::byte> bytes) {
    return iovec{const_cast<std::byte*>(bytes.data()), bytes.size()};
  };
  const std::array parts{part(first), part(second)};
  const auto n = ::pwritev(fd, parts.data(), static_cast<int>(parts.size()), offset);
  if (n < 0 && errno != EINTR) return fail(write_error());
  // Nearly always all of it.
  const auto done = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  const auto of_first = std::min(done, first.size());
  RECORTE_TRY(
      pwrite_all(fd, first.subspan(of_first), offset + static_cast<std::int64_t>(of_first)));
  return pwrite_all(fd, second.subspan(done - of_first),
                    offset + static_cast<std::int64_t>(first.size() + done - of_first));
}

Status copy_range(int from, std::int64_t offset, std::int64_t size, int to) {
  std::string buffer(static_cast<std::size_t>(std::min<std::int64_t>(size, 1 << 20)), '\0');
  while (size > 0) {
    const auto want = std::min<std::int64_t>(size, static_cast<std::int64_t>(buffer.size()));
    const auto n = ::pread(from, buffer.data(), static_cast<std::size_t>(want), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read a descriptor"));
    if (n == 0) return fail(ErrorCode::kInternal, "a descriptor ended early");
    RECORTE_TRY(
        write_all(to, std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(n)))));
    offset += n;
    size -= n;
  }
  return {};
}

Result<Fd> make_memfd(const char* name) {
  Fd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return fail(os_error("cannot make a file in memory"));
  return fd;
}

Result<std::string> read_descriptor(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail(os_error("cannot read a descriptor"));
  std::string out(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const auto n = ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read a descriptor"));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  out.resize(done);
  return out;
}

void take_standard_descriptors() {
  int fd = ::open("/dev/null", O_RDONLY);
  while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDONLY);
  if (fd > STDERR_FILENO) ::close(fd);
}

Status flush_standard_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return fail(os_error("cannot write to standard output"));
  return {};
}

std::filesystem::path program_directory() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace recorte
