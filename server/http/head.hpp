/// The head of a response as text: the edge's own fields beside the handler's, and no way for a
/// value to begin a line of its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/response.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::http {

/// What the edge knows of the answer beside the response.
struct HeadFacts {
  bool keep_alive = true;  ///< "Connection: close" where not
  bool said_so = false;    ///< the client's version needs to be told that it is kept
  bool chunked = false;
  std::optional<std::int64_t> length;  ///< Content-Length
  std::string_view id, traceparent;
};

/// Status line to empty line.
std::string head_text(const Response& response, const HeadFacts& facts);
/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), of seconds since 1970.
std::string http_date(std::int64_t seconds);
/// Whether an answer of that status has no body at all: 1xx, 204, 304.
inline bool bodiless(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace recorte::http
