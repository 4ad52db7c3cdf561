/// The parts of a multipart/form-data body (RFC 7578).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace recorte::http {

/// Calls `take` with name and content of each part, in order, until it fails. kUsage names what is
/// broken: the boundary of `content_type`, a part's headers, an end that is missing.
Status read_multipart(std::string_view content_type, std::string_view body,
                      const std::function<Status(std::string name, std::string content)>& take);

}  // namespace recorte::http
