// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;

Error stays(const fs::path& path) { return os_error("cannot remove " + path.string()); }

/// Read whole before anything is removed: a directory that changes may name things twice.
Result<std::vector<std::string>> names_in(const Fd& directory, const fs::path& path) {
  const int own = ::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> open(own < 0 ? nullptr : ::fdopendir(own), ::closedir);
  if (!open) {
    auto error = stays(path);
    if (own >= 0) ::close(own);
    return fail(std::move(error));
  }
  std::vector<std::string> out;
  for (errno = 0; const auto* entry = ::readdir(open.get()); errno = 0)
    if (const std::string_view name = entry->d_name; name != "." && name != "..")
      out.emplace_back(name);
  if (errno != 0) return fail(stays(path));
  return out;
}

Status remove_below(const Fd& parent, const std::string& name, const fs::path& path, int deepest) {
  if (::unlinkat(parent.get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno != EISDIR && errno != EPERM) return fail(stays(path));  // EPERM: POSIX's EISDIR
  const auto error = stays(path);
  const Fd directory(
      ::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return fail(errno == ENOTDIR || errno == ELOOP ? error : stays(path));
  if (deepest == 0)
    return fail(ErrorCode::kUnavailable, "cannot remove " + path.string() + ": it is too deep");
  const auto names = names_in(directory, path);
  if (!names) return fail(names.error());
  for (const auto& each : *names)
    RECORTE_TRY(remove_below(directory, each, path / each, deepest - 1));
  if (::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
    return fail(stays(path));
  return {};
}

}  // namespace

Status remove_tree(const Fd& parent, const std::string& name, const fs::path& path) {
  return remove_below(parent, name, path, kDeepest);
}

}  // namespace recorte::batch
