// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/snapshot.hpp"

#include "core/base/io.hpp"
#include "core/plugin/store.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;

bool is_library(const fs::path& file) {
  std::error_code error;
  return file.extension() == ".so" && fs::is_regular_file(file, error);
}

/// Copies of libraries, relative to the directory; what is linked to is none.
std::vector<fs::path> copies_in(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(directory, error))
    if (!entry.is_symlink(error) && is_library(entry.path()))
      out.push_back(entry.path().lexically_relative(directory));
  std::ranges::sort(out);
  return out;
}

/// Of two copies; what is linked to is none.
bool same_bytes(const fs::path& one, const fs::path& other) {
  std::error_code error;
  if (fs::is_symlink(one, error)) return false;
  const auto size = fs::file_size(one, error);
  if (error || fs::file_size(other, error) != size || error) return false;
  const auto a = read_file(one), b = read_file(other);
  return a && b && *a == *b;
}

enum class As { kCopy, kLink };

Status keep(const fs::path& from, const fs::path& to, As as) {
  std::error_code error;
  if (as == As::kCopy)
    fs::copy_file(from, to, error);
  else
    fs::create_symlink(from, to, error);
  // One that has just been taken away is none.
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return fail(ErrorCode::kUnavailable, "the plugin " + from.string() + " cannot be kept as " +
                                           to.string() + ": " + error.message());
}

Status make(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) return {};
  return fail(ErrorCode::kUnavailable, directory.string() + ": " + error.message());
}

/// Everything directly in a directory, its libraries as said.
Status keep_all(const fs::path& from, const fs::path& to, As libraries) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(from, error)) {
    const auto file = fs::absolute(entry.path()).lexically_normal();
    RECORTE_TRY(keep(file, to / file.filename(), is_library(file) ? libraries : As::kLink));
  }
  return {};
}

/// A store like it, of which what is enabled is there.
Status keep_store(const fs::path& from, const fs::path& to) {
  const Store store(from);
  RECORTE_TRY(keep(from / "enabled", to / "enabled", As::kCopy));
  const auto installed = store.list();
  if (!installed) return fail(installed.error());
  for (const auto& item : *installed) {
    const auto directory = to / item.id / item.version;
    RECORTE_TRY(make(directory));
    RECORTE_TRY(keep_all(item.directory, directory, item.enabled ? As::kCopy : As::kLink));
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::take(const std::vector<fs::path>& from,
                                                       const fs::path& place) {
  RECORTE_TRY(make(place));
  const std::shared_ptr<Snapshot> out(new Snapshot(fs::canonical(place)));
  for (const auto& each : from) {
    const auto original = fs::absolute(each).lexically_normal();
    const auto directory = out->place_ / std::to_string(out->directories_.size());
    RECORTE_TRY(make(directory));
    RECORTE_TRY(Store::is_one(original) ? keep_store(original, directory)
                                        : keep_all(original, directory, As::kCopy));
    out->from_.push_back(original);
    out->directories_.push_back(directory);
  }
  return out;
}

Snapshot::~Snapshot() {
  std::error_code gone;
  fs::remove_all(place_, gone);
}

std::string Snapshot::of_originals(std::string sentence) const {
  for (std::size_t i = 0; i < from_.size(); ++i) {
    const auto copy = directories_[i].string() + "/";
    for (auto at = sentence.find(copy); at != sentence.npos; at = sentence.find(copy, at))
      sentence.replace(at, copy.size(), (from_[i] / "").string());
  }
  return sentence;
}

std::vector<fs::path> Snapshot::new_since(const Snapshot& other) const {
  std::vector<fs::path> out;
  for (const auto& directory : directories_)
    for (const auto& file : copies_in(directory)) {
      const bool known = std::ranges::any_of(other.directories_, [&](const auto& before) {
        return same_bytes(before / file, directory / file);
      });
      if (!known) out.push_back(directory / file);
    }
  return out;
}

}  // namespace recorte::plugin
