/// `recorte survey index`: from a directory of FITS files to NAME.toml (written by looking where
/// there is none, else obeyed) and its index of images. Indexing again opens only what changed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/example.hpp"
#include "core/survey/group.hpp"
#include "core/survey/seek_index.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recorte::survey {

struct IndexOptions {
  std::filesystem::path directory;  ///< of the files; may be empty where NAME.toml has a root
  std::string name;                 ///< of the survey: NAME.toml
  std::filesystem::path surveys;  ///< where NAME.toml and the index lie; made where it is not there
  std::function<void(std::size_t done, std::size_t total)> progress;  ///< files, or tiles
  /// Adds what the survey's adapter brings (core/plugin/survey_settings.hpp), or says why it is no
  /// survey to be indexed; without it the file is taken as it is.
  std::function<Result<config::Document>(const config::Document&)> complete{};
  bool seek = false;  ///< make the places where compressed images can be entered (seek_index.hpp)
  /// Of a survey that has no NAME.toml yet: the adapter that brings what it says, and its release;
  /// "" where it is drafted by looking at the files.
  std::string plugin{}, release{};
};

struct IndexReport {
  std::filesystem::path root, toml, index;
  bool toml_written = false;  ///< NAME.toml is new
  std::size_t images = 0;
  std::vector<std::pair<std::string, std::size_t>> bands;          ///< name and images, by name
  std::size_t unchanged = 0, added = 0, changed = 0, removed = 0;  ///< files
  std::vector<Skipped> skipped;
  std::optional<Example> example;
  std::optional<SeekSummary> seek;  ///< where it was wanted
};

/// Nothing is written where no image is found, and an index from before stays; the report then says
/// why by `skipped`. Errors: kUsage (a bad name, a TOML that is wrong or has another root),
/// kNotFound (no such directory or table), and those of writing.
Result<IndexReport> index_survey(const IndexOptions& options);

}  // namespace recorte::survey
