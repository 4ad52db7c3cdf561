/// What the service counts, as Prometheus reads it (text exposition format 0.0.4).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace recorte::ops {

/// What others know, read when somebody asks for the metrics.
struct Readings {
  double tasks_waiting = 0, tasks_working = 0, tasks_finished = 0, tasks_refused = 0;
  double workers = 0, worker_deaths = 0, plugin_faults = 0, plugins_out_of_use = 0;
  double connections = 0, answering = 0, edge_refused = 0;
  double image_cache_hits = 0, image_cache_misses = 0;
  double tile_cache_hits = 0, tile_cache_misses = 0;
  double records_lost = 0, audit_lost = 0;
  double disk_free = 0, disk_size = 0;  ///< bytes, of the data directory
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// Counts a request by route, method and status, and its time by route. [any thread]
  void count(const http::Request& request, const http::Ending& ending);
  std::string text(const Readings& readings);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// GET /metrics. Both arguments must outlive the handler.
http::Handler metrics_handler(Metrics& metrics, const std::function<Readings()>& read);

}  // namespace recorte::ops
