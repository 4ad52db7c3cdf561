/// What the configuration says of workers, for the pools and those who send them work.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"
#include "core/cutout/request.hpp"
#include "core/schedule/local_executor.hpp"
#include "server/service/estimates.hpp"

#include <cstdint>

namespace recorte::app {

/// How many processes `configured` means: as many as the machine has processors where it is 0.
std::size_t processes(std::int64_t configured);

/// Bytes that products of many pixels may take together: half of the machine's memory where the
/// settings do not say.
std::uint64_t memory_together(const config::Settings::Workers& workers);

/// Of the workers for those who wait.
schedule::LocalExecutor::Options executor_options(const config::Settings& settings);

/// Of those for jobs, which give way to everybody.
schedule::LocalExecutor::Options batch_options(const config::Settings& settings);

service::Estimates::Options estimate_options(const config::Settings& settings);

/// What one cutout may take.
cutout::Budget budget_of(const config::Settings::Workers& workers);

}  // namespace recorte::app
