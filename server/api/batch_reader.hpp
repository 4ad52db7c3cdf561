/// What a job of the API's words asks for: the names of the one table of parameters. `survey`,
/// `format` and `bands` multiply when they are repeated, and so do regions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/service/jobs.hpp"

namespace recorte::api {

service::Reader batch_reader();

}  // namespace recorte::api
