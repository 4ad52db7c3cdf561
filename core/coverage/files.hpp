/// What is kept of a survey's coverage beside its index, for who looks at it or takes it away: a
/// picture, and a MOC as FITS and as JSON.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/coverage/coverage.hpp"

#include <filesystem>
#include <string>

namespace recorte::coverage {

inline constexpr const char* kPictureFile = "coverage.png";
inline constexpr const char* kMocFitsFile = "moc.fits";
inline constexpr const char* kMocJsonFile = "moc.json";

/// The directory of these files: NAME.coverage beside NAME.toml.
std::filesystem::path directory_of(const std::filesystem::path& surveys, const std::string& name);

/// Each file is the old one or the new, whenever one looks.
Status write_files(const std::filesystem::path& directory, const SurveyCoverage& coverage,
                   const std::string& name);

}  // namespace recorte::coverage
