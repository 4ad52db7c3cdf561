/// From facts about files to images: which HDUs of which files are the planes of one exposure, what
/// each image is called, which band it is in, and what is left out and why.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/image_index.hpp"
#include "core/survey/scan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recorte::survey {

/// A file, or a part of one, that is not served.
struct Skipped {
  std::string path;    ///< relative to the root
  std::string reason;  ///< begins with the HDU where only one is meant
};

struct Grouping {
  std::vector<ImageRecord> images;  ///< plane paths relative to the root
  std::vector<Skipped> skipped;
};

/// By the survey's pattern, planes and bands. Sorted as `files` are.
Grouping group_images(const std::vector<FileFacts>& files, const SurveyFile& survey);

/// The images of one file, whose band and version are decided elsewhere (tile tables).
Grouping group_file(const FileFacts& file, const SurveyFile& survey, const std::string& band);

/// The band of an image by what the pattern said (""), its header and its path, in this order, as
/// the survey lists it; "" where it lists none of them, and then `said` is what was found.
std::string choose_band(const SurveyFile& survey, const std::string& from_pattern,
                        const std::string& filter, std::string_view path, std::string& said);

/// The identifier of a file's image: the path without FITS endings; what is not plain ASCII as %XX.
std::string image_id(std::string_view path);
/// Makes identifiers that stand twice differ, by the full path, then by a number.
void make_unique(std::vector<ImageRecord>& images);

}  // namespace recorte::survey
