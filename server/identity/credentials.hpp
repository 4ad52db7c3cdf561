/// What a request brings to show who sends it: Authorization, the cookie of a session, and for whom
/// a service acts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>

namespace recorte::identity {

/// Of the cookie with a session: "__Host-recorte" where the service is reached by https, so that no
/// other host of the domain can set one; behind a path "__Secure-recorte"; without TLS "recorte".
std::string_view session_cookie(std::string_view base_url);

/// Authorization wins over a cookie. kUsage where it is malformed, repeated, or stands in the query
/// or a form, where it would be in logs; kUnauthenticated for a scheme that is not known here;
/// kForbidden for a password that came over a network without TLS. No error holds what was sent.
Result<auth::Credentials> read_credentials(const http::Request& request);

}  // namespace recorte::identity
