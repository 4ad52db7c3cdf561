/// The text of one section of a 64-bit little-endian ELF shared library, read without trusting a
/// number in it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::plugin {

/// The bytes of section `name` up to the first NUL; nullopt where the library has no such section.
/// kPlugin when the file is no shared library, or a truncated one; else why it cannot be read.
Result<std::optional<std::string>> read_section(const std::filesystem::path& file,
                                                std::string_view name);

}  // namespace recorte::plugin
