/// Parameters out of a query string and of urlencoded and multipart bodies.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"

#include <cstddef>

namespace recorte::http {

/// Splits `target` (RFC 9112, 3.2) into the request's path, decoded, and query, as sent. It is in
/// origin-form, in absolute-form, whose host then replaces the Host header, or `*` where the
/// request's method, set before, is OPTIONS. An encoded slash separates as a plain one does. kUsage
/// for a broken escape, a control character, a segment `.` or `..`, or a path that is none.
Status take_target(std::string_view target, Request& request);
/// Appends the parameters of the query, then of the body where its Content-Type is
/// application/x-www-form-urlencoded or multipart/form-data (a part with a file name too: its value
/// is the content). Values are bytes, not always UTF-8. kUsage names what is broken: an escape, a
/// boundary; kTooLarge past `limit` parameters.
Status take_parameters(std::size_t limit, Request& request);

}  // namespace recorte::http
