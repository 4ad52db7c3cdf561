/// Where a survey's coverage is kept, beside its index: a picture, and a MOC as FITS and as JSON.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>

namespace recorte::coverage {

inline constexpr const char* kPictureFile = "coverage.png";
inline constexpr const char* kMocFitsFile = "moc.fits";
inline constexpr const char* kMocJsonFile = "moc.json";

/// NAME.coverage beside NAME.toml.
inline std::filesystem::path directory_of(const std::filesystem::path& surveys,
                                          const std::string& name) {
  return surveys / (name + ".coverage");
}

/// Whether there is one.
inline bool is_kept(const std::filesystem::path& surveys, const std::string& name) {
  std::error_code error;
  return std::filesystem::exists(directory_of(surveys, name) / kPictureFile, error);
}

}  // namespace recorte::coverage
