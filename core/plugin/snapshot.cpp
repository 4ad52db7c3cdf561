// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/snapshot.hpp"

#include "core/base/io.hpp"

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

std::vector<fs::path> libraries(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    if (is_library(entry.path())) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

bool same_bytes(const fs::path& one, const fs::path& other) {
  std::error_code error;
  const auto size = fs::file_size(one, error);
  if (error || fs::file_size(other, error) != size || error) return false;
  const auto a = read_file(one), b = read_file(other);
  return a && b && *a == *b;
}

Status keep(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (is_library(from))
    fs::copy_file(from, to, error);
  else
    fs::create_symlink(from, to, error);
  // One that has just been taken away is none.
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return fail(ErrorCode::kUnavailable, "the plugin " + from.string() + " cannot be kept as " +
                                           to.string() + ": " + error.message());
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::take(const std::vector<fs::path>& from,
                                                       const fs::path& place) {
  std::error_code made;
  fs::create_directories(place, made);
  if (made) return fail(ErrorCode::kUnavailable, place.string() + ": " + made.message());
  const std::shared_ptr<Snapshot> out(new Snapshot(fs::canonical(place)));
  for (const auto& each : from) {
    auto directory = out->place_ / std::to_string(out->directories_.size());
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) return fail(ErrorCode::kUnavailable, directory.string() + ": " + error.message());
    for (const auto& entry : fs::directory_iterator(each, error)) {
      const auto file = fs::absolute(entry.path()).lexically_normal();
      RECORTE_TRY(keep(file, directory / file.filename()));
    }
    out->from_.push_back(fs::absolute(each).lexically_normal());
    out->directories_.push_back(std::move(directory));
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
    for (const auto& file : libraries(directory)) {
      const bool known = std::ranges::any_of(other.directories_, [&](const auto& before) {
        return same_bytes(before / file.filename(), file);
      });
      if (!known) out.push_back(file);
    }
  return out;
}

}  // namespace recorte::plugin
