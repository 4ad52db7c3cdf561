/// The members of a JSON object as stretches of its text, so that a list of a hundred thousand
/// positions in one of them is passed on without being built in memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::api {

/// Names, decoded, and values, as written, which point into `text`. kUsage where the text is no
/// JSON, no object, or nested more deeply than 64 values.
Result<std::vector<std::pair<std::string, std::string_view>>> json_members(std::string_view text);

}  // namespace recorte::api
