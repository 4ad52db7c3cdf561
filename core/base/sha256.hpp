/// SHA-256 (FIPS 180-4), by which a file is told from another whatever it is called: 64 hexadecimal
/// digits in lower case.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace recorte {

std::string sha256(std::string_view bytes);
/// Of a whole file, read in pieces. Errors are read_file()'s.
Result<std::string> sha256_of(const std::filesystem::path& file);

}  // namespace recorte
