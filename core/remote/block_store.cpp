// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/block_store.hpp"

#include "core/base/crc32.hpp"
#include "core/base/id.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <span>
#include <vector>

namespace recorte::remote {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSlack = 16;    // a part of the bounds is free after each look
constexpr std::time_t kUsedAnew = 60;  // seconds; what was used within them is not marked again

struct Piece {
  timespec used;
  std::int64_t size;
  fs::path path;
};

std::vector<Piece> pieces_of(const fs::path& directory) {
  std::vector<Piece> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    struct stat about {};
    if (::lstat(entry.path().c_str(), &about) == 0 && S_ISREG(about.st_mode))
      out.push_back({about.st_mtim, about.st_size, entry.path()});
  }
  return out;
}

bool older(const Piece& a, const Piece& b) {
  return std::pair(a.used.tv_sec, a.used.tv_nsec) < std::pair(b.used.tv_sec, b.used.tv_nsec);
}

void mark_used(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) == 0 && about.st_mtim.tv_sec + kUsedAnew < std::time(nullptr))
    ::futimens(fd, nullptr);
}

std::string checksum_of(std::string_view bytes) {
  const auto crc = crc32(bytes);
  std::string out(sizeof crc, '\0');
  std::memcpy(out.data(), &crc, sizeof crc);
  return out;
}

/// Without its checksum; nothing where that is wrong.
std::optional<std::string> whole(int fd) {
  auto bytes = read_descriptor(fd);
  if (!bytes || bytes->size() < sizeof(std::uint32_t)) return {};
  const auto size = bytes->size() - sizeof(std::uint32_t);
  if (checksum_of(std::string_view(*bytes).substr(0, size)) != bytes->substr(size)) return {};
  bytes->resize(size);
  return std::move(*bytes);
}

}  // namespace

Result<std::unique_ptr<BlockStore>> BlockStore::open(fs::path directory, Bounds bounds) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error || ::access(directory.c_str(), W_OK | X_OK) != 0)
    return fail(os_error("the cache of remote files, " + directory.string() +
                         ", cannot be written (cache in [remote])"));
  ::chmod(directory.c_str(), S_IRWXU);
  std::unique_ptr<BlockStore> out(new BlockStore(std::move(directory), bounds));
  out->make_room(0);
  return out;
}

Fd BlockStore::find(const std::string& name) const {
  Fd file(::open((directory_ / name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return file;
  if (!whole(file.get())) {
    remove(name);
    return Fd();
  }
  mark_used(file.get());
  return file;
}

std::optional<std::string> BlockStore::text(const std::string& name) const {
  const Fd file(::open((directory_ / name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return file ? whole(file.get()) : std::nullopt;
}

Result<Fd> BlockStore::put(const std::string& name, std::string_view bytes) {
  const auto sum = checksum_of(bytes);
  make_room(std::ssize(bytes) + std::ssize(sum));
  // What a crash leaves of it is the oldest file one day, and goes.
  const auto path = directory_ / name, unfinished = directory_ / ("new-" + random_hex(8));
  const auto failed = [&] {
    auto error = os_error("the cache of remote files, " + directory_.string() +
                          ", cannot be written (cache in [remote])");
    error.code = ErrorCode::kUnavailable;
    ::unlink(unfinished.c_str());
    return fail(std::move(error));
  };
  const Fd written(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR));
  if (!written || !write_all(written.get(), std::as_bytes(std::span(bytes))) ||
      !write_all(written.get(), std::as_bytes(std::span(sum))))
    return failed();
  Fd out(::open(unfinished.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!out || ::rename(unfinished.c_str(), path.c_str()) != 0) return failed();
  return out;
}

void BlockStore::remove(const std::string& name) const { ::unlink((directory_ / name).c_str()); }

/// For one file more of so many bytes.
void BlockStore::make_room(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes_left_ < bytes || files_left_ < 1) {
    auto pieces = pieces_of(directory_);
    std::int64_t taken = 0;
    for (const auto& piece : pieces) taken += piece.size;
    auto count = std::ssize(pieces);
    const auto most_bytes = bounds_.bytes - std::max(bytes, bounds_.bytes / kSlack);
    const auto most_files = bounds_.files - std::max<std::int64_t>(1, bounds_.files / kSlack);
    std::ranges::sort(pieces, older);
    for (const auto& piece : pieces) {
      if (taken <= most_bytes && count <= most_files) break;
      ::unlink(piece.path.c_str());
      taken -= piece.size;
      --count;
    }
    bytes_left_ = bounds_.bytes - taken;
    files_left_ = bounds_.files - count;
  }
  bytes_left_ -= bytes;
  files_left_ -= 1;
}

}  // namespace recorte::remote
