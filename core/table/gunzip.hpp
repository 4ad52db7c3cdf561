/// Unpacks gzip in memory (RFC 1952).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace recorte::table {

bool is_gzip(std::string_view bytes);
/// All members, one after another. kUsage where it is broken; kTooLarge where more than `most`
/// bytes come out.
Result<std::string> gunzip(std::string_view bytes, const std::string& source, std::size_t most);

}  // namespace recorte::table
