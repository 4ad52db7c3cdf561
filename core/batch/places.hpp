/// Where a job's files are.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace recorte::batch {

inline std::filesystem::path job_directory(const std::filesystem::path& results,
                                           const std::string& id) {
  return results / id;
}
inline std::filesystem::path plan_file(const std::filesystem::path& job_directory) {
  return job_directory / "plan";
}
/// What names of plans begin with, beside the jobs, that are only made to be looked at.
inline constexpr std::string_view kScratch = "estimate-";
/// Bytes of a list, at most.
inline constexpr std::size_t kListBytes = 1U << 30;
inline std::filesystem::path list_file(const std::filesystem::path& job_directory) {
  return job_directory / "list";
}
/// Who is still to be told that the job ended; none where nobody is.
inline std::filesystem::path notice_file(const std::filesystem::path& job_directory) {
  return job_directory / "notice";
}
/// Of which end everybody was told, by the notice's id.
inline std::filesystem::path notified_file(const std::filesystem::path& job_directory) {
  return job_directory / "notified";
}

}  // namespace recorte::batch
