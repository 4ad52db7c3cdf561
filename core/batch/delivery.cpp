// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/delivery.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/batch/manifest.hpp"
#include "core/batch/remove_tree.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;
constexpr gid_t kNoGroup = static_cast<gid_t>(-1);
constexpr std::size_t kGroupBytes = 4 << 20;  ///< of a group with all its members

std::string replaced(std::string text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
    text.replace(at, name.size(), value);
  return text;
}

bool is_directory_name(std::string_view name) {
  return !name.empty() && name[0] != '.' && name.size() <= 255 &&
         name.find_first_of(std::string_view("/\0", 2)) == name.npos;
}

Result<gid_t> group_id(const std::string& name) {
  if (name.empty()) return kNoGroup;
  group entry{};
  group* found = nullptr;
  int error = ERANGE;
  for (std::size_t size = 1 << 10; error == ERANGE && size <= kGroupBytes; size *= 2) {
    std::vector<char> text(size);
    error = ::getgrnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
  }
  if (error != 0)
    return fail(ErrorCode::kUnavailable, "the group '" + name + "' (results.group) cannot be " +
                                             "looked up: " + std::strerror(error));
  if (!found) return fail(ErrorCode::kUsage, "there is no group '" + name + "' (results.group)");
  return entry.gr_gid;
}

/// Looked at before each file.
Status go_on(const std::atomic<bool>& stop) {
  if (stop) return fail(ErrorCode::kCancelled, "the delivery was stopped");
  return {};
}

/// What is made where, with whose rights.
class Maker {
 public:
  Maker(gid_t group, mode_t mode) : group_(group), mode_(mode) {}

  /// The directory below `parent`, made where it is missing.
  Result<Fd> directory(const Fd& parent, const std::string& name, const fs::path& path) const {
    const bool made = ::mkdirat(parent.get(), name.c_str(), 0700) == 0;
    if (!made && errno != EEXIST) return fail(os_error("cannot make " + path.string()));
    Fd fd(::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd && (errno == ELOOP || errno == ENOTDIR))
      return fail(
          ErrorCode::kForbidden,
          path.string() + " is a link or no directory, and nothing is delivered through it");
    if (!fd) return fail(os_error("cannot open " + path.string()));
    if (made) RECORTE_TRY(hand_over(fd, mode_, path));
    return fd;
  }

  Result<Fd> file(const Fd& parent, const std::string& name, const fs::path& path) const {
    Fd fd(::openat(parent.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   0600));
    if (!fd) return fail(os_error("cannot make " + path.string()));
    RECORTE_TRY(hand_over(fd, mode_ & 0666U, path));
    return fd;
  }

 private:
  Status hand_over(const Fd& fd, mode_t mode, const fs::path& path) const {
    if (group_ != kNoGroup && ::fchown(fd.get(), static_cast<uid_t>(-1), group_) != 0)
      return fail(os_error("cannot give " + path.string() + " to its group"));
    if (::fchmod(fd.get(), mode) != 0)
      return fail(os_error("cannot set the mode of " + path.string()));
    return {};
  }

  gid_t group_;
  mode_t mode_;
};

Status sync(const Fd& fd, const fs::path& path) {
  if (::fsync(fd.get()) != 0) return fail(os_error("cannot write " + path.string()));
  return {};
}

/// All that was written to its file system: once, where an fsync of each of a hundred thousand
/// files would wait for the disk as often.
Status sync_all(const Fd& fd, const fs::path& path) {
  if (::syncfs(fd.get()) != 0) return fail(os_error("cannot write " + path.string()));
  return {};
}

Status write_manifest(const Maker& maker, const Fd& into, const fs::path& path, const job::Job& job,
                      const std::shared_ptr<const Results>& results,
                      const std::atomic<bool>& stop) {
  auto file = maker.file(into, "manifest.csv", path / "manifest.csv");
  if (!file) return fail(std::move(file).error());
  ManifestReader reader(ManifestForm::kCsv, job, results);
  for (;;) {
    RECORTE_TRY(go_on(stop));
    auto text = reader.next();
    if (!text) return fail(std::move(text).error());
    if (text->empty()) return {};
    RECORTE_TRY(write_all(file->get(), std::as_bytes(std::span(*text))));
  }
}

Status write_products(const Maker& maker, const Fd& into, const fs::path& path,
                      const Results& results, const std::atomic<bool>& stop) {
  for (std::size_t i = 0; i < results.plan().size(); ++i) {
    RECORTE_TRY(go_on(stop));
    const auto found = results.product(i);
    if (!found) continue;
    const auto slot = found->pack->slot(found->item);
    if (slot.bytes == 0) continue;
    const auto name = results.plan().product(i).name;
    const auto pack = found->pack->file();
    if (!pack) return fail(pack.error());
    auto file = maker.file(into, name, path / name);
    if (!file) return fail(std::move(file).error());
    RECORTE_TRY(copy_range((*pack)->get(), slot.offset, slot.bytes, file->get()));
  }
  return {};
}

}  // namespace

Status check(const Delivery& delivery) {
  const auto& pattern = delivery.pattern;
  if (!fs::path(pattern).is_absolute() || pattern.find("{job}") == pattern.npos)
    return fail(ErrorCode::kUsage, "results.deliver '" + pattern +
                                       "' must be absolute and hold {job}, such as "
                                       "/data/{user}/cutouts/{job}");
  if (replaced(replaced(pattern, "{job}", ""), "{user}", "").find_first_of("{}") != pattern.npos)
    return fail(ErrorCode::kUsage,
                "results.deliver '" + pattern + "' may hold {user} and {job}, and no others");
  if (::geteuid() == 0)
    return fail(ErrorCode::kUsage,
                "results are not delivered into users' directories (results.deliver '" + pattern +
                    "') by root: run the server as a user of its own");
  return group_id(delivery.group).map([](gid_t) {});
}

Status deliver(const Delivery& delivery, const job::Job& job,
               std::shared_ptr<const Results> results, const std::atomic<bool>& stop) {
  if (!is_directory_name(job.owner))
    return fail(ErrorCode::kUsage, "the user's name '" + job.owner +
                                       "' is none of a directory, and nothing is delivered");
  const auto group = group_id(delivery.group);
  if (!group) return fail(group.error());
  const Maker maker(*group, delivery.mode);
  const fs::path path = replaced(replaced(delivery.pattern, "{user}", job.owner), "{job}", job.id);

  fs::path so_far = "/";
  Fd parent(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const auto& part : path.parent_path().relative_path()) {
    so_far /= part;
    auto next = maker.directory(parent, part.string(), so_far);
    if (!next) return fail(std::move(next).error());
    parent = std::move(*next);
  }
  const auto name = path.filename().string();
  const auto working = "." + name + ".part";
  const auto working_path = so_far / working;
  RECORTE_TRY(remove_tree(parent, working, working_path));
  auto into = maker.directory(parent, working, working_path);
  if (!into) return fail(std::move(into).error());
  RECORTE_TRY(write_products(maker, *into, working_path, *results, stop));
  RECORTE_TRY(write_manifest(maker, *into, working_path, job, results, stop));
  RECORTE_TRY(sync_all(*into, working_path));
  RECORTE_TRY(go_on(stop));
  RECORTE_TRY(remove_tree(parent, name, path));
  if (::renameat(parent.get(), working.c_str(), parent.get(), name.c_str()) != 0)
    return fail(os_error("cannot make " + path.string()));
  return sync(parent, so_far);
}

}  // namespace recorte::batch
