/// `/sync`: SODA 1.0's synchronous cutout.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/service/cutouts.hpp"
#include "server/service/identify.hpp"

namespace recorte::soda {

/// GET and POST. Both arguments must outlive the handler.
http::Handler sync_handler(service::Cutouts& cutouts, service::Identifier& identifier);

}  // namespace recorte::soda
