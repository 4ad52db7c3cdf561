/// Whether the process lives (`/healthz`) and whether it should be sent requests (`/readyz`).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"

#include <functional>
#include <string>
#include <vector>

namespace recorte::ops {

struct Check {
  std::string name;
  std::string trouble;     ///< what is wrong, in a sentence; "" for nothing
  bool ready = false;      ///< it should be sent requests all the same: it has something to say
  bool available = false;  ///< and it is there for its users
};

/// GET /healthz: 200 "ok".
http::Handler health_handler();
/// GET /readyz: {"ready": true, "checks": {"workers": "ok", …}}, 503 where a check has
/// trouble that keeps it from answering. `checks` is called at each request and must not block.
http::Handler ready_handler(std::function<std::vector<Check>()> checks);

}  // namespace recorte::ops
