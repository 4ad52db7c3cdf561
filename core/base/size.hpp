/// Sizes in bytes as people write them: "2GiB", "512MiB", "64KiB", "1.5GiB", "4096".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte {

/// Bytes. Units are KiB, MiB, GiB and TiB, any case, or B or none; KB and GB, which mean one thing
/// to some and another to others, are refused, as is what is below zero or does not fit.
Result<std::int64_t> parse_size(std::string_view text);
/// The shortest exact text that parse_size reads back: "2GiB", "1536MiB", "1000". `bytes` >= 0.
std::string size_text(std::int64_t bytes);

}  // namespace recorte
