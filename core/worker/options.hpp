/// What a worker is started with.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/cache_limits.hpp"
#include "core/plugin/in_use.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace recorte::worker {

struct WorkerOptions {
  std::filesystem::path surveys = "surveys.d";    ///< one TOML file a survey
  std::vector<std::filesystem::path> plugins;     ///< none: the default directories
  std::vector<plugin::Withdrawn> withdrawn = {};  ///< of these plugins
  std::uint64_t memory = 2ULL << 30;              ///< RLIMIT_DATA, bytes
  cutout::CacheLimits cache;
  bool fetched_for = false;  ///< has a link to whoever fetches remote files
  bool fenced = false;       ///< reads what it is told that it may, and no more (fence.hpp)
  bool idle = false;         ///< runs only where nobody else wants the processor (SCHED_IDLE)
};

}  // namespace recorte::worker
