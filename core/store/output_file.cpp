// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace recorte::store {
namespace {

namespace fs = std::filesystem;

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Where a file waits, under a name of its own, for the rename.
fs::path waiting_name(const fs::path& path) {
  auto name = path;
  name += ".part" + std::to_string(::getpid());
  return name;
}

Fd unnamed(const fs::path& directory) {
  return Fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0644));
}

bool knows_no_unnamed() { return errno == EOPNOTSUPP || errno == EISDIR; }

}  // namespace

Result<Fd> open_unnamed(const fs::path& directory) {
  auto fd = unnamed(directory);
  if (fd) return fd;
  if (knows_no_unnamed()) return make_memfd("recorte-unnamed");
  return fail(os_error("cannot write in " + directory.string()));
}

Result<OutputFile> OutputFile::open(const fs::path& given) {
  std::error_code error;
  const auto status = fs::status(given, error);
  if (fs::is_directory(status))
    return fail(ErrorCode::kUsage, given.string() + " is a directory; name a file");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    auto memory = open_unnamed(fs::temp_directory_path());
    if (!memory) return fail(std::move(memory).error());
    return OutputFile(given, Kind::kInto, std::move(*memory));
  }
  auto path =
      fs::is_symlink(fs::symlink_status(given, error)) ? fs::weakly_canonical(given, error) : given;
  auto fd = unnamed(directory_of(path));
  const bool named = !fd && knows_no_unnamed();
  if (named)
    fd = Fd(::open(waiting_name(path).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return fail(os_error("cannot write '" + given.string() + "'"));
  return OutputFile(std::move(path), named ? Kind::kNamed : Kind::kUnnamed, std::move(fd));
}

OutputFile::~OutputFile() {
  if (fd_ && kind_ == Kind::kNamed) ::unlink(waiting_name(path_).c_str());
}

Status OutputFile::copy_into() const {
  const Fd into(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
  const auto size = ::lseek(fd_.get(), 0, SEEK_END);
  if (!into || size < 0) return fail(os_error("cannot write " + path_.string()));
  if (auto copied = copy_range(fd_.get(), 0, size, into.get()); !copied)
    return fail(copied.error().code, path_.string() + ": " + copied.error().message);
  return {};
}

Status OutputFile::publish() {
  if (kind_ == Kind::kInto) return copy_into();
  const auto name = waiting_name(path_);
  if (kind_ == Kind::kUnnamed) {
    const auto self = "/proc/self/fd/" + std::to_string(fd_.get());
    const auto link = [&](const fs::path& to) {
      return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (link(path_)) {  // nothing was there
      fd_.reset();
      return {};
    }
    if (errno != EEXIST) return fail(os_error("cannot write " + path_.string()));
    ::unlink(name.c_str());  // of a process of this number that died
    if (!link(name)) return fail(os_error("cannot write " + path_.string()));
    kind_ = Kind::kNamed;
  }
  if (::rename(name.c_str(), path_.c_str()) != 0)
    return fail(os_error("cannot write " + path_.string()));
  fd_.reset();
  return {};
}

Status OutputFile::publish_as(const fs::path& path) {
  if (kind_ == Kind::kUnnamed) path_ = path;
  if (kind_ == Kind::kNamed) {
    if (::rename(waiting_name(path_).c_str(), waiting_name(path).c_str()) != 0)
      return fail(os_error("cannot write " + path.string()));
    path_ = path;
  }
  return publish();
}

}  // namespace recorte::store
