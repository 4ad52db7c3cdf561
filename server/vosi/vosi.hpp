/// VOSI 1.1: what the service can do, and whether it can now. Anonymous, whoever asks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/ops/health.hpp"

#include <functional>
#include <string>
#include <vector>

namespace recorte::vosi {

/// How one may come to what is no description: SSO 2.0's names of these ways are in the document.
/// A token may be brought everywhere.
struct Ways {
  bool anonymous = true;
  bool passwords = false;  ///< by Basic, where nobody on the way can read it: over TLS
  bool cookies = false;
};

/// GET /capabilities.
http::Handler capabilities_handler(Ways ways);
/// GET /availability: 200 also while it is not available, which the document says, with why.
/// `checks` is called at each request; the service is up since the handler was made.
http::Handler availability_handler(std::function<std::vector<ops::Check>()> checks);

}  // namespace recorte::vosi
