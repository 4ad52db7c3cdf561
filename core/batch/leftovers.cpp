// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/leftovers.hpp"

#include "core/base/io.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/batch/runner.hpp"

#include <sys/stat.h>

#include <system_error>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kIdDigits = 2 * kJobIdBytes;
constexpr std::size_t kScratchDigits = 16;
constexpr std::size_t kMarkerBytes = 1'024;

auto stays(const fs::path& path, const std::error_code& why, const char* what = "remove") {
  return fail(ErrorCode::kUnavailable,
              std::string("cannot ") + what + " " + path.string() + ": " + why.message());
}

Status take_away(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return stays(path, error);
  return {};
}

/// None where there is no directory.
Result<std::vector<fs::path>> files_in(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    out.push_back(at->path());
  if (error && error != std::errc::no_such_file_or_directory)
    return stays(directory, error, "read");
  return out;
}

/// As random_hex() makes them: nothing else in the directory is ours.
bool is_job_id(const std::string& name) {
  return name.size() == kIdDigits &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// As plans that are only looked at are named, whole or not.
bool is_scratch(std::string_view name) {
  constexpr std::string_view unfinished = ".new";
  if (!name.starts_with(kScratch)) return false;
  name.remove_prefix(kScratch.size());
  if (name.ends_with(unfinished)) name.remove_suffix(unfinished.size());
  return name.size() == kScratchDigits && name.find_first_not_of("0123456789abcdef") == name.npos;
}

Micros age_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return 0;
  return now_micros() - status.st_mtim.tv_sec * 1'000'000LL;
}

}  // namespace

Status empty_job_directory(const fs::path& directory, bool keep_list) {
  const auto files = files_in(directory);
  if (!files) return fail(files.error());
  // What is left when this is cut short is more than a list, and found again.
  if (!keep_list) RECORTE_TRY(take_away(list_file(directory)));
  for (const auto& file : *files)
    if (file != list_file(directory)) RECORTE_TRY(take_away(file));
  std::error_code ignored;  // where the list is in it
  fs::remove(directory, ignored);
  return {};
}

Leftovers::Leftovers(fs::path directory, job::Store& store, Micros stray,
                     std::function<void(const std::string& id)> gone)
    : directory_(std::move(directory)), store_(store), stray_(stray), gone_(std::move(gone)) {}

Status Leftovers::remove(bool whole) {
  const auto ours = is_ours();
  if (!ours) return fail(ours.error());
  ours_ = *ours;
  job::Filter filter;  // all but those that are ARCHIVED, of which there may be very many
  filter.most = job::Visibility::kHiddenBySystem;
  const auto jobs = store_.list(filter);
  if (!jobs) return fail(jobs.error());
  std::unordered_set<std::string> live;
  for (const auto& job : *jobs) live.insert(job.id);
  const auto directories = files_in(directory_);
  if (!directories) return fail(directories.error());
  Status first;
  for (const auto& directory : *directories) {
    const auto name = directory.filename().string();
    if (is_scratch(name)) {
      if (ours_ && age_of(directory) >= stray_)
        if (auto gone = take_away(directory); !gone && first) first = std::move(gone);
      continue;
    }
    if (!is_job_id(name) || live.contains(name)) continue;
    if (auto looked = look_at(directory, whole); !looked && first) first = std::move(looked);
  }
  return first;
}

Status Leftovers::look_at(const fs::path& directory, bool whole) {
  const auto files = files_in(directory);
  if (!files) return fail(files.error());
  const bool only_list = files->size() == 1 && files->front() == list_file(directory);
  if (only_list && !whole) return {};
  const auto id = directory.filename().string();
  const auto job = store_.find(id);
  if (!job && job.error().code != ErrorCode::kNotFound) return fail(job.error());
  if (!job) return ours_ && age_of(directory) >= stray_ ? take_away(directory) : Status();
  if (job->phase != job::Phase::kArchived) return {};
  const bool keep_list = job->visibility != job::Visibility::kHiddenByUser;
  if (only_list && keep_list) return {};
  const auto emptied = empty_job_directory(directory, keep_list);
  gone_(id);
  return emptied;
}

Result<bool> Leftovers::is_ours() {
  const auto id = store_.identity();
  if (!id) return fail(id.error());
  const auto marker = directory_ / kMarkerFile;
  const auto known = read_file(marker, kMarkerBytes);
  if (!known && known.error().code != ErrorCode::kNotFound) return fail(known.error());
  if (!known) {
    RECORTE_TRY(write_file(marker, *id + "\n"));
    return true;
  }
  if (trim(*known) == *id) return true;
  if (!std::exchange(told_, true))
    log::write(log::Level::kWarn,
               directory_.string() + " has results of the jobs of another database (" +
                   marker.string() +
                   "); what no job of this one has is left there. Remove that file once the other "
                   "database is not used any more");
  return false;
}

}  // namespace recorte::batch
