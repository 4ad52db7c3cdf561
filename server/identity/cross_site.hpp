/// Whether a request that a session's cookie came with was made by a page of this service: a
/// browser sends the cookie with whatever a page elsewhere has it send.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/account/principal.hpp"
#include "core/base/error.hpp"
#include "server/http/request.hpp"

#include <string>

namespace recorte::identity {

/// What the forms of a session have in the field `csrf`, or scripts in the header X-CSRF-Token.
/// `key`: the one for "form".
std::string csrf_token(const account::Key& key, const account::Principal& principal);

/// kForbidden for what changes something (all but GET and HEAD), where neither the browser says
/// that it comes from the service's own pages (Sec-Fetch-Site, or Origin), nor the token is there.
Status check_same_site(const http::Request& request, const account::Key& key,
                       const account::Principal& principal);

}  // namespace recorte::identity
