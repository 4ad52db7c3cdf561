/// What `recorte serve` is told: the configuration file, and over it the command line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"

#include <variant>

namespace recorte::app {

/// The settings, with `surveys` filled in; or the exit status, where --help was all.
Result<std::variant<config::Settings, int>> read_options(int argc, char** argv);

}  // namespace recorte::app
