/// Whether other plugins would do, found out in workers of their own before anybody's task meets
/// them: whatever they do, those who run go on.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/trust/pools.hpp"
#include "core/worker/pool.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::schedule {

struct Trial {
  worker::PoolOptions workers;                         ///< as they are, but for their terms
  trust::Pools next;                                   ///< with the plugins that are to come
  std::vector<std::filesystem::path> libraries;        ///< of them, to be loaded
  std::vector<std::string> surveys;                    ///< to be described, each in its pool
  std::int64_t load_ms = 5'000, describe_ms = 20'000;  ///< for each, at most
};

/// A sentence for each library and each survey that fails; none where all is well. Takes as long as
/// they do.
std::vector<std::string> complaints(const Trial& trial);

}  // namespace recorte::schedule
