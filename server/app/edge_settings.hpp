/// What the configuration says of connections and addresses, for the HTTP edge.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"
#include "server/http/edge.hpp"

#include <string>

namespace recorte::app {

/// What links in mails begin with; a request says it better where there is one.
std::string public_url(const config::Settings& settings);

/// kUsage names the address or the network that is none.
Result<http::EdgeOptions> edge_options(const config::Settings& settings);

}  // namespace recorte::app
