/// The places where the compressed images of a survey can be entered (core/fits/seek_file.hpp): one
/// file an HDU, in a directory beside the index, which cutouts look into.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/survey/group.hpp"
#include "core/survey/image_index.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace recorte::survey {

/// Beside the index: NAME.index.seek.
std::filesystem::path seek_directory(const std::filesystem::path& index);

struct SeekSummary {
  std::int64_t files = 0, written = 0, removed = 0, bytes = 0;  ///< there are, new, old; of all
  std::vector<Skipped> failed;  ///< FITS files that could not be read
};

/// Makes those that are missing, and removes those that no file of `images` has now. `root`: what
/// their paths are relative to. Errors of writing.
Result<SeekSummary> index_seeks(
    const std::filesystem::path& root, const std::vector<ImageRecord>& images,
    const std::filesystem::path& directory,
    const std::function<void(std::size_t done, std::size_t total)>& progress);

}  // namespace recorte::survey
