// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/files.hpp"

#include "core/base/io.hpp"
#include "core/coverage/moc_fits.hpp"
#include "core/coverage/picture.hpp"

namespace recorte::coverage {

namespace fs = std::filesystem;

Status write_files(const fs::path& directory, const SurveyCoverage& coverage,
                   const std::string& name) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return fail(ErrorCode::kUnavailable,
                directory.string() + " cannot be made: " + error.message());
  const auto picture = coverage_picture(coverage, name);
  if (!picture) return fail(picture.error());
  RECORTE_TRY(write_file(directory / kPictureFile, *picture));
  RECORTE_TRY(write_file(directory / kMocFitsFile, moc_fits(coverage.sky.touched, name)));
  return write_file(directory / kMocJsonFile, coverage.sky.touched.json() + "\n");
}

}  // namespace recorte::coverage
