/// Times and numbers of seconds that a job's owner sends (DESTRUCTION, AFTER, EXECUTIONDURATION):
/// one reading for every face.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <cstdint>
#include <string_view>

namespace recorte::service {

/// "2026-12-24T18:00:00Z", with a fraction down to the microsecond or none; UTC also without the Z
/// (DALI 1.1, 3.1.2). `name` is that of the parameter, for the error.
Result<Micros> parse_instant(std::string_view name, std::string_view text);
/// Whole seconds, 0 or more, at most what UWS can say (2147483647).
Result<std::int64_t> parse_seconds(std::string_view name, std::string_view text);

}  // namespace recorte::service
