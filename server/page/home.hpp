/// The page itself: the answer to what was asked, out of the surveys there are.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/page/survey.hpp"
#include "server/service/switchboard.hpp"

#include <vector>

namespace recorte::page {

/// Links are paths with the prefix of the service's URL, so that they hold under whatever name it
/// was reached; only commands to copy name the host. What an admin has switched stands above all.
/// Whoever is signed in is named; whoever is not is told where they can, if they can.
http::Response home(const http::Request& request, const std::vector<Survey>& surveys,
                    const service::Switched& switched = {}, bool can_sign_in = false);

}  // namespace recorte::page
