/// What a plugin is checked on: the survey that its author names, or one that is made up for it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/check/subject.hpp"

#include <filesystem>

namespace recorte::check {

/// Makes what is wanted in a temporary directory, which goes with it.
class Places {
 public:
  Places() = default;
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places();

  /// An empty directory to work in.
  Result<std::filesystem::path> scratch();
  /// A survey of the plugin: `toml`; or, where that is empty, one without settings. kUsage where
  /// the plugin's config_schema wants some, or `toml` is another plugin's.
  Result<Place> of_survey(const plugin::Manifest& manifest, const std::filesystem::path& toml);
  /// Images to try an algorithm on: `toml`; or the demo sky.
  Result<Place> of_images(const std::filesystem::path& toml);

 private:
  Result<std::filesystem::path> directory();
  std::filesystem::path directory_;
};

}  // namespace recorte::check
