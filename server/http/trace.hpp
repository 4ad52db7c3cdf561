/// W3C Trace Context, level 1: this request as a span of the caller's trace.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/request.hpp"

#include <string>
#include <string_view>

namespace recorte::http {

/// The traceparent of a request with those headers: the trace-id and flags of a valid incoming one
/// with `parent_id` (16 hexadecimal digits), else a new trace, `trace_id` (32 of them), unsampled.
std::string continue_trace(const Headers& headers, std::string_view trace_id,
                           std::string_view parent_id);

}  // namespace recorte::http
