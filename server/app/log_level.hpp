/// How much is logged, by the settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/log.hpp"
#include "core/config/settings.hpp"

namespace recorte::app {

inline log::Level log_level(const config::Settings::Log& log) {
  return log.level == "trace"   ? log::Level::kTrace
         : log.level == "debug" ? log::Level::kDebug
         : log.level == "info"  ? log::Level::kInfo
         : log.level == "warn"  ? log::Level::kWarn
                                : log::Level::kError;
}

}  // namespace recorte::app
