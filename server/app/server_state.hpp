/// What a server says of itself to the operator, and to the other servers of its database.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/schedule/pooled_executor.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace recorte::app {

/// What it works with.
struct Machine {
  std::string url;  ///< that users know
  std::filesystem::path surveys;
  Micros since = 0;
  const schedule::PooledExecutor& executor;  ///< for those who wait
  const schedule::PooledExecutor& batches;   ///< for jobs
};

/// docs/reference/admin.md, "servers" and "workers".
nlohmann::ordered_json server_json(const Machine& machine);
nlohmann::ordered_json workers_json(const schedule::PooledExecutor& sync,
                                    const schedule::PooledExecutor& batch);

}  // namespace recorte::app
