/// Whether a request was made by a page of this service, where it came with what a browser sends by
/// itself: the cookie of a session, or a password, with whatever a page elsewhere has it send.
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

/// The same of a user's name and password, which a browser remembers and sends as it does a cookie:
/// kForbidden where the browser says that a page elsewhere has it change something. What is no
/// browser says nothing of the kind.
Status check_not_from_elsewhere(const http::Request& request);

}  // namespace recorte::identity
