/// Which surveys share their workers, by the settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"
#include "core/schedule/pooled_executor.hpp"
#include "core/trust/book.hpp"

#include <memory>

namespace recorte::app {

/// Follows links below the roots of surveys, which may take seconds. Warns where the kernel cannot
/// keep pools apart.
std::shared_ptr<trust::Book> trust_book(const config::Settings& settings, plugin::InUse plugins);

schedule::PooledExecutor::Options pooled(schedule::LocalExecutor::Options local,
                                         const config::Settings::Workers& workers);

}  // namespace recorte::app
