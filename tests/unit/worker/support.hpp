/// What the tests of core/worker share: this process's descriptors and children, a directory, and a
/// survey of one small image.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>

namespace recorte::worker::test {

std::size_t open_descriptors();
/// Processes whose parent this one is, the dead that nobody has waited for included.
std::set<pid_t> children();

/// A directory that goes with its owner.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr int kSide = 64;      ///< pixels of the image
inline constexpr double kRa = 150.1;  ///< of its middle
inline constexpr double kDec = 2.2;

/// directory/surveys.d with the surveys `small`, of one image of kSide², and one for each vice, by
/// its name; directory/plugins with the good plugins and those vices. Throws where it cannot.
void make_surveys(const std::filesystem::path& directory, const std::set<std::string>& survey_vices,
                  const std::set<std::string>& algorithm_vices);

}  // namespace recorte::worker::test
