/// The settings of a command that is told of a server by `--config` and `--data`, as serve is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"

#include <filesystem>

namespace recorte::config {

/// Those of the file `config`, or the defaults where it is ""; `data`, where it is not "", takes
/// the place of theirs. Errors are read_settings()'s.
Result<Settings> settings_at(const std::filesystem::path& config,
                             const std::filesystem::path& data);

}  // namespace recorte::config
