// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/server_state.hpp"

#include "core/base/version.hpp"

#include <nlohmann/json.hpp>

namespace recorte::app {
namespace {

using nlohmann::ordered_json;

ordered_json lane_json(const schedule::PooledExecutor& executor) {
  auto pools = ordered_json::array();
  for (const auto& pool : executor.pools())
    pools.push_back({{"name", pool.name},
                     {"workers", pool.workers},
                     {"tasks_waiting", pool.waiting},
                     {"tasks_working", pool.working}});
  return {{"workers", executor.workers()},
          {"tasks_waiting", executor.waiting()},
          {"tasks_working", executor.working()},
          {"tasks_finished", executor.finished()},
          {"tasks_refused", executor.refused()},
          {"workers_lost", executor.deaths()},
          {"pools", std::move(pools)}};
}

}  // namespace

ordered_json server_json(const Machine& machine) {
  const auto& [url, surveys, since, executor, batches] = machine;
  return {{"url", url},
          {"version", version()},
          {"surveys", surveys.string()},
          {"since", iso_time(since)},
          {"workers", executor.workers()},
          {"batch_workers", batches.workers()},
          {"tasks_waiting", executor.waiting() + batches.waiting()},
          {"tasks_working", executor.working() + batches.working()}};
}

ordered_json workers_json(const schedule::PooledExecutor& sync,
                          const schedule::PooledExecutor& batch) {
  return {{"sync", lane_json(sync)}, {"batch", lane_json(batch)}};
}

}  // namespace recorte::app
