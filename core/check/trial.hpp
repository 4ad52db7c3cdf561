/// `recorte plugin try`: a plugin at one place of the sky, through the real host, with what it
/// found, what was made of it, how long that took, and what it logged.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/check/child.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace recorte::check {

struct Trial {
  std::filesystem::path file;    ///< the library
  std::filesystem::path survey;  ///< a survey's TOML file; empty: of an algorithm, the demo sky
  std::filesystem::path output;  ///< of the product; empty: it is made, and thrown away
  /// Of the request (core/cutout/parameters.hpp), by name.
  std::vector<std::pair<std::string, std::string>> parameters;
  Limits limits = {.timeout_ms = 60'000};
};

/// The report, lines of text for people. kPlugin where the plugin crashed, hung or broke its
/// contract; any other error is the host's or the plugin's answer.
Result<std::string> try_plugin(const Trial& trial);

}  // namespace recorte::check
