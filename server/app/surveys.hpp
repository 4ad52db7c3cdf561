/// What is served when nobody has configured a survey: the demo sky, to this machine only.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"

namespace recorte::app {

/// Whether the host of `listen` can be reached from this machine only.
bool is_loopback(const std::string& host);

/// Points `settings.surveys` at the demo sky, made in the data directory by `tools` (the program)
/// where it is not there yet, if the directory of surveys holds none. kUsage where the service
/// would listen to others.
Status use_demo_sky_if_empty(config::Settings& settings, const std::filesystem::path& tools);

}  // namespace recorte::app
