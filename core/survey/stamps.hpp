/// What was read last time: the facts of every file with its size and time, kept beside the index,
/// so that indexing again opens only what changed. It can be thrown away; then all is read again.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/scan.hpp"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace recorte::survey {

/// `rules` names what the facts were read by; stamps read by other rules are of no use.
Status write_stamps(const std::filesystem::path& path, const std::string& rules,
                    const std::vector<FileFacts>& files);

struct Stamps {
  std::unordered_map<std::string, FileFacts> files;  ///< by path
  bool same_rules = true;  ///< otherwise `files` tells only which files were there
};
/// Empty where there is no such file, or it is broken or of another version.
Stamps read_stamps(const std::filesystem::path& path, const std::string& rules);

/// Of everything in the TOML that decides what is read from a file.
std::string rules_of(const SurveyFile& survey);

}  // namespace recorte::survey
