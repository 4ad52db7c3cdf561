/// The TOML of a survey that has none yet, written by looking at its files: what is evident is
/// said, what is not stands there as a comment with a question.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/example.hpp"
#include "core/survey/scan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::survey {

/// The text of `toml`, all but its [example]; the same bytes for the same files.
std::string draft_survey(const std::string& name, const std::filesystem::path& toml,
                         const std::filesystem::path& root, const std::vector<FileFacts>& files);

/// The same of a survey whose adapter brings all that can be known of it; `release` may be "".
std::string draft_adapted(const std::string& plugin, const std::string& release,
                          const std::filesystem::path& toml, const std::filesystem::path& root);

/// The section that goes last.
std::string draft_example(const Example& example, std::size_t bands_in_all);

/// A TOML basic string with its quotes.
std::string toml_text(std::string_view text);

}  // namespace recorte::survey
