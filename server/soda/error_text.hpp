/// How SODA says an error: text/plain that begins with one of the words of SODA 1.0, 5.2. Also the
/// form for whatever lies under no other face.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/response.hpp"

#include <string>

namespace recorte::soda {

/// "UsageError: the radius 200 is outside (0, 180] degrees"; 204 without a body where no image
/// covers the region; Retry-After where trying again makes sense.
http::Response error_text(const http::Request& request, const Error& error);

/// The text alone, with its word, as a result of a job holds it: "Error: no image of demo …".
std::string error_words(const Error& error);

}  // namespace recorte::soda
