/// Descriptors that close themselves, and whole reads and writes on them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace recorte {

/// Owns a file descriptor; -1 is none.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

/// "what: No such file or directory", from errno.
Error os_error(std::string_view what);
/// A message that names the file and says why, with kNotFound or kUnavailable.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 1U << 30);
/// Writes beside the file, then renames over it: a reader sees the old bytes or the new.
Status write_file(const std::filesystem::path& path, std::string_view bytes);
/// As write_file, and what it wrote is there when the machine stops right after it.
Status write_file_durably(const std::filesystem::path& path, std::string_view bytes);
/// Files that were made, renamed or removed in it are so when the machine stops right after it.
Status sync_directory(const std::filesystem::path& directory);
/// It is not there afterwards, even when the machine stops; one that was not there is well.
Status remove_file_durably(const std::filesystem::path& path);
Status write_all(int fd, std::span<const std::byte> bytes);
Status pwrite_all(int fd, std::span<const std::byte> bytes, std::int64_t offset);
/// Both, one after the other.
Status pwrite_all(int fd, std::span<const std::byte> first, std::span<const std::byte> second,
                  std::int64_t offset);
/// Appends [offset, offset + size) of one descriptor to another. kInternal where the source ends
/// early.
Status copy_range(int from, std::int64_t offset, std::int64_t size, int to);
/// A new anonymous file in memory, close-on-exec.
Result<Fd> make_memfd(const char* name);
/// Everything in a seekable descriptor, from its beginning.
Result<std::string> read_descriptor(int fd);
/// First in main(): closed standard descriptors are taken by one that cannot be written, so that no
/// file opened later becomes standard output.
void take_standard_descriptors();
/// Last in main(): what was printed has reached standard output, else `kUnavailable`.
Status flush_standard_output();
/// The directory of the running program, for what is installed beside it.
std::filesystem::path program_directory();

}  // namespace recorte
