/// What a library exports, read without running a line of it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::plugin {

/// The names of its dynamic symbols that others may bind to. kPlugin where it cannot be read.
/// Trusts the file's numbers: for one that loads already, or in a child.
Result<std::vector<std::string>> exported_symbols(const std::filesystem::path& file);

}  // namespace recorte::plugin
