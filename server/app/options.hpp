/// What `recorte serve` is told: the configuration file, and over it the command line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace recorte::app {

struct Options {
  config::Settings settings;                       ///< with `surveys` filled in
  nlohmann::json said = nlohmann::json::object();  ///< by the file
  std::function<Result<Options>()> again;          ///< reads the same file and command line
};

/// Or the exit status, where --help was all. `argv` must last as long as `again` is called.
Result<std::variant<Options, int>> read_options(int argc, char** argv);
/// "log.level": what the two files say differently, by name.
std::vector<std::string> changed_keys(const Options& one, const Options& other);

}  // namespace recorte::app
