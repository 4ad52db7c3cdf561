// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/store.hpp"

#include "core/base/id.hpp"
#include "core/base/sha256.hpp"
#include "core/base/text.hpp"
#include "core/plugin/version.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnabled = "enabled";
constexpr std::string_view kHead =
    "# The installed plugins that are used, ID@VERSION, one a line. `recorte plugin enable` and\n"
    "# `disable` write this file; `recorte reload` makes a server that runs read it.\n";
/// What begins so is nobody's any longer once nobody has the lock.
constexpr std::string_view kStaging = ".new-", kRemoved = ".gone-";
constexpr std::size_t kLongestEnabled = 1 << 20;  // bytes

std::string user_name(uid_t uid) {
  const auto* entry = ::getpwuid(uid);
  return entry ? entry->pw_name : std::to_string(uid);
}

/// A new store belongs to whoever the directory above it belongs to.
Status check_ours(fs::path place) {
  struct stat found {};
  while (::stat(place.c_str(), &found) != 0) {
    const auto above = fs::absolute(place).parent_path();
    if (errno != ENOENT || above == place)
      return fail(os_error("cannot look at the plugin store " + place.string()));
    place = above;
  }
  if (found.st_uid == ::geteuid()) return {};
  const auto owner = user_name(found.st_uid);
  return fail(ErrorCode::kForbidden, place.string() + " belongs to " + owner +
                                         ", so that the plugin store is changed by that user: "
                                         "sudo -u " +
                                         owner + " recorte plugin …");
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// The digits that the one library in the directory is called by; "" where there is none.
std::string library_in(const fs::path& directory) {
  std::error_code error;
  for (const auto& item : fs::directory_iterator(directory, error))
    if (item.path().extension() == ".so" && is_sha256(item.path().stem().string()))
      return item.path().stem();
  return "";
}

std::vector<fs::path> directories_in(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(directory, error))
    if (item.is_directory(error) && !item.path().filename().string().starts_with('.'))
      out.push_back(item.path());
  return out;
}

bool before(const Installed& a, const Installed& b) {
  if (a.id != b.id) return a.id < b.id;
  return *parse_version(b.version) < *parse_version(a.version);
}

/// Enabled or not, a version of this plugin; of any version where that is "".
bool is_of(std::string_view name, std::string_view id, std::string_view version) {
  const auto at = name.find('@');
  return name.substr(0, at) == id && (version.empty() || name.substr(at + 1) == version);
}

}  // namespace

Status check_content(const fs::path& library, const std::string& sha256) {
  const auto found = sha256_of(library);
  if (!found) return fail(found.error());
  if (*found == sha256) return {};
  return fail(ErrorCode::kData, library.string() +
                                    ": the library is not what was installed (its SHA-256 is now " +
                                    *found + "); remove it, and install its bundle again");
}

bool Store::is_one(const fs::path& directory) {
  std::error_code error;
  return fs::is_regular_file(directory / kEnabled, error);
}

Status Store::check_readable() const {
  struct stat found {};
  if (::stat(root_.c_str(), &found) != 0 || (found.st_mode & S_IWOTH) == 0) return {};
  return fail(ErrorCode::kForbidden,
              "anyone may write to the plugin store " + root_.string() +
                  ", so that nothing in it is trusted: chmod o-w it, and see what is there");
}

Result<std::vector<std::string>> Store::names() const {
  std::vector<std::string> out;
  if (!is_one(root_)) return out;
  const auto text = read_file(root_ / kEnabled, kLongestEnabled);
  if (!text) return fail(text.error());
  for (auto& line : split(*text, '\n'))
    if (!line.empty() && line[0] != '#') out.push_back(std::move(line));
  return out;
}

Status Store::write_names(std::vector<std::string> names) const {
  std::ranges::sort(names, natural_less);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  auto text = std::string(kHead);
  for (const auto& name : names) text += name + "\n";
  return write_file_durably(root_ / kEnabled, text);
}

Result<std::vector<Installed>> Store::list() const {
  RECORTE_TRY(check_readable());
  const auto enabled = names();
  if (!enabled) return fail(enabled.error());
  std::vector<Installed> out;
  for (const auto& plugin : directories_in(root_))
    for (const auto& directory : directories_in(plugin)) {
      Installed item{plugin.filename(), directory.filename(), library_in(directory), directory};
      if (item.sha256.empty() || !parse_version(item.version)) continue;
      item.enabled = std::ranges::find(*enabled, item.name()) != enabled->end();
      out.push_back(std::move(item));
    }
  std::ranges::sort(out, before);
  return out;
}

Result<Installed> Store::find(std::string_view id, std::string_view version) const {
  auto all = list();
  if (!all) return fail(all.error());
  std::vector<std::string> ids, versions;
  for (auto& item : *all) {
    if (ids.empty() || ids.back() != item.id) ids.push_back(item.id);
    if (item.id != id) continue;
    if (version.empty() || item.version == version) return std::move(item);
    versions.push_back(item.version);
  }
  if (!versions.empty())
    return fail(ErrorCode::kNotFound, std::string(id) + " " + std::string(version) +
                                          " is not installed; there is " + join(versions, ", "));
  const auto near = did_you_mean(id, ids);
  return fail(ErrorCode::kNotFound, "no plugin '" + std::string(id) + "' is installed in " +
                                        root_.string() +
                                        (!near.empty() ? "; did you mean " + near + "?"
                                         : ids.empty() ? "; nothing is"
                                                       : "; there is " + join(ids, ", ")));
}

Result<Installed> Store::enable(std::string_view id, std::string_view version,
                                Others others) const {
  const auto held = lock();
  if (!held) return fail(held.error());
  auto found = find(id, version);
  if (!found) return found;
  RECORTE_TRY(check_content(found->library(), found->sha256));
  auto enabled = names();
  if (!enabled) return fail(enabled.error());
  if (others == Others::kDisable)
    std::erase_if(*enabled, [&](const auto& name) { return is_of(name, id, ""); });
  enabled->push_back(found->name());
  RECORTE_TRY(write_names(std::move(*enabled)));
  found->enabled = true;
  return found;
}

Result<std::vector<Installed>> Store::disable(std::string_view id, std::string_view version) const {
  const auto held = lock();
  if (!held) return fail(held.error());
  if (auto found = find(id, version); !found) return fail(found.error());
  auto all = list();
  if (!all) return all;
  std::erase_if(*all, [&](const Installed& item) {
    return !item.enabled || !is_of(item.name(), id, version);
  });
  RECORTE_TRY(forget(id, version));
  return all;
}

Status Store::forget(std::string_view id, std::string_view version) const {
  auto enabled = names();
  if (!enabled) return fail(enabled.error());
  if (std::erase_if(*enabled, [&](const auto& name) { return is_of(name, id, version); }) == 0)
    return {};
  return write_names(std::move(*enabled));
}

Status Store::remove(std::string_view id, std::string_view version) const {
  const auto held = lock();
  if (!held) return fail(held.error());
  const auto found = find(id, version);
  if (!found) return fail(found.error());
  RECORTE_TRY(forget(id, found->version));
  const auto gone = root_ / (std::string(kRemoved) + random_hex(8));
  if (::rename(found->directory.c_str(), gone.c_str()) != 0)
    return fail(os_error("cannot remove " + found->directory.string()));
  std::error_code error;
  fs::remove(found->directory.parent_path(), error);  // where that was the last one
  RECORTE_TRY(sync_directory(root_));
  fs::remove_all(gone, error);  // else by whoever locks it next
  return {};
}

Result<Fd> Store::lock() const {
  RECORTE_TRY(check_ours(root_));
  std::error_code error;
  fs::create_directories(root_, error);
  if (error)
    return fail(ErrorCode::kUnavailable,
                "cannot make the plugin store " + root_.string() + ": " + error.message());
  RECORTE_TRY(check_readable());
  const auto file = root_ / "lock";
  Fd held(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!held) return fail(os_error("cannot open " + file.string()));
  while (::flock(held.get(), LOCK_EX) != 0)
    if (errno != EINTR) return fail(os_error("cannot lock " + file.string()));
  for (const auto& item : fs::directory_iterator(root_, error)) {
    const auto name = item.path().filename().string();
    if (name.starts_with(kStaging) || name.starts_with(kRemoved)) {
      std::error_code unremoved;  // it takes room, and does no other harm
      fs::remove_all(item.path(), unremoved);
    }
  }
  if (!is_one(root_)) RECORTE_TRY(write_names({}));
  return held;
}

Result<fs::path> Store::staging() const {
  auto out = root_ / (std::string(kStaging) + random_hex(8));
  if (::mkdir(out.c_str(), 0755) != 0) return fail(os_error("cannot make " + out.string()));
  return out;
}

Status Store::take(const fs::path& staged, const Installed& what) const {
  const auto plugin = root_ / what.id;
  const auto target = plugin / what.version;
  std::error_code error;
  if (fs::exists(target, error))
    return fail(ErrorCode::kUsage, what.name() + " is installed already");
  if (::mkdir(plugin.c_str(), 0755) != 0 && errno != EEXIST)
    return fail(os_error("cannot make " + plugin.string()));
  if (::rename(staged.c_str(), target.c_str()) != 0)
    return fail(os_error("cannot make " + target.string()));
  RECORTE_TRY(sync_directory(plugin));
  return sync_directory(root_);
}

}  // namespace recorte::plugin
