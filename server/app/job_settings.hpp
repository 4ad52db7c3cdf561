/// What the configuration says of jobs, for the engine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"
#include "server/service/job_options.hpp"

namespace recorte::app {

/// `workers`: there will be. The server's name is kept in the data directory, so that it knows its
/// own jobs when it starts anew. kUnavailable names the directory that cannot be made.
Result<service::JobOptions> job_options(const config::Settings& settings, std::size_t workers);

}  // namespace recorte::app
