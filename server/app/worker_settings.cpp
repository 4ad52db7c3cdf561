// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/worker_settings.hpp"

#include "core/base/io.hpp"
#include "server/app/milliseconds.hpp"

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace recorte::app {

std::size_t processes(std::int64_t configured) {
  return configured > 0 ? static_cast<std::size_t>(configured)
                        : std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t memory_together(const config::Settings::Workers& workers) {
  if (workers.memory_together > 0) return static_cast<std::uint64_t>(workers.memory_together);
  const auto pages = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PHYS_PAGES)));
  return pages * static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PAGESIZE))) / 2;
}

schedule::LocalExecutor::Options executor_options(const config::Settings& settings) {
  schedule::LocalExecutor::Options out;
  const auto& workers = settings.workers;
  const auto& cache = settings.cache;
  out.pool.program = program_directory() / "recorte-worker";
  out.pool.worker.surveys = settings.surveys;
  out.pool.worker.memory = static_cast<std::uint64_t>(workers.memory);
  out.pool.worker.cache = {static_cast<std::size_t>(cache.open_files), cache.unpacked,
                           cache.decoded_tiles, cache.seek_points};
  out.pool.workers = processes(workers.count);
  out.pool.grace_ms = milliseconds(workers.grace);
  out.waiting = static_cast<std::size_t>(workers.waiting);
  out.spill = settings.data / "spill";
  out.in_memory = workers.product_in_memory;
  return out;
}

schedule::LocalExecutor::Options batch_options(const config::Settings& settings) {
  auto out = executor_options(settings);
  out.pool.workers = processes(settings.workers.batch);
  out.pool.worker.idle = true;
  return out;
}

service::Estimates::Options estimate_options(const config::Settings& settings) {
  return {.batch_workers = static_cast<double>(processes(settings.workers.batch)),
          .keep = settings.records.keep};
}

cutout::Budget budget_of(const config::Settings::Workers& workers) {
  return {static_cast<std::uint64_t>(workers.memory) / 2, milliseconds(workers.timeout),
          workers.max_pixels};
}

}  // namespace recorte::app
