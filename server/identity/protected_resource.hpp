/// Which providers' tokens are taken (RFC 9728), for clients that find out by themselves how to
/// sign in: a challenge says where this is.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recorte::identity {

inline constexpr std::string_view kProtectedResource = "/.well-known/oauth-protected-resource";

/// GET, of any credential or none.
http::Handler protected_resource_handler(std::vector<std::string> issuers);

}  // namespace recorte::identity
