/// `recorte plugin new`: a small complete project to begin a plugin with.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::command {

/// Writes the files of `kind` ("survey" or "algorithm") into the new directory `parent`/`name`;
/// returns their paths. kUsage for a name that is no plugin's id, or one that CMake has a use for,
/// and where there is something of that name already.
Result<std::vector<std::filesystem::path>> new_plugin(std::string_view kind,
                                                      const std::string& name,
                                                      const std::filesystem::path& parent);

}  // namespace recorte::command
