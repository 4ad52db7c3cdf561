/// What the audit trail has of a request: what was done or refused, by whom, with what.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/audit.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <optional>

namespace recorte::identity {

/// nullopt where it is nothing for the trail: what the route has no word for, and cutouts of what
/// is public for whoever is not signed in, which the record of requests has. Every refusal is.
std::optional<account::Event> event_of(const http::Request& request,
                                       const http::Response& response);

}  // namespace recorte::identity
