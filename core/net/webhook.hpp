/// A JSON text to somebody's URL, signed so that they know whose it is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/net/delivery.hpp"
#include "core/net/url.hpp"

#include <string>
#include <string_view>

namespace recorte::net {

/// HMAC-SHA256 (RFC 2104) in lower-case hexadecimal digits.
std::string hmac_sha256(std::string_view key, std::string_view text);

struct Post {
  Target target;
  std::string id;      ///< the same in each attempt at one thing (X-Recorte-Id): [A-Za-z0-9.-]
  std::string body;    ///< JSON
  std::string secret;  ///< signs the body, byte for byte; "": it is not signed
};

/// One attempt. Redirects are not followed. A 2xx is kSent; 5xx and 429 are kLater; all others are
/// kRefused.
Delivery post(const Post& what, const Bounds& bounds);

}  // namespace recorte::net
