/// What a plugin leaves behind, found by doing the same again and again.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/check/verdict.hpp"

#include <functional>
#include <string>

namespace recorte::check {

/// `round` says what is wrong, or "". Not ok where many rounds leave memory, threads, descriptors
/// or the like; `doing` is what is done to the plugin in each: "opened, run and closed".
Verdict leaves_nothing(const std::function<std::string()>& round, const std::string& doing);

}  // namespace recorte::check
