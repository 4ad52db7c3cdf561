/// What the configuration says of jobs, for the engine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"
#include "server/service/job_options.hpp"

#include <string>

namespace recorte::app {

/// `server`: its name; `workers`: there will be. kUnavailable names the directory that cannot be
/// made.
Result<service::JobOptions> job_options(const config::Settings& settings, std::string server,
                                        std::size_t workers);

}  // namespace recorte::app
