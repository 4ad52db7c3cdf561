/// Files of results that nobody has any more: what a crash, an error or a late task left of jobs
/// that are ARCHIVED, and directories that are of no job in the database.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace recorte::batch {

/// In the directory of results: the identity of the database whose jobs it holds. Another database,
/// whose URL was set instead, takes nothing away that it does not know.
inline constexpr std::string_view kMarkerFile = ".database";

/// Takes a job's files away, its list first, or all but its list, and the directory where it is
/// empty then. kUnavailable names what stays, or the directory that cannot be read.
Status empty_job_directory(const std::filesystem::path& directory, bool keep_list);

class Leftovers {
 public:
  /// `stray`: age at which a directory without a job goes. `gone` hears the id of a job whose files
  /// went.
  Leftovers(std::filesystem::path directory, job::Store& store, Micros stray,
            std::function<void(const std::string& id)> gone);
  /// What could not be done, the first of it; the rest is done. Not `whole`: only directories that
  /// hold more than a list are asked the database for. [one thread at a time]
  Status remove(bool whole);

 private:
  Status look_at(const std::filesystem::path& directory, bool whole);
  Result<bool> is_ours();
  const std::filesystem::path directory_;
  job::Store& store_;
  const Micros stray_;
  const std::function<void(const std::string& id)> gone_;
  bool ours_ = false, told_ = false;
};

}  // namespace recorte::batch
