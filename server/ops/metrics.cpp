// SPDX-License-Identifier: BSD-3-Clause
#include "server/ops/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <string_view>

namespace recorte::ops {
namespace {

constexpr double kMicros = 1e-6;

/// One figure that somebody else keeps.
struct Figure {
  const char *name, *help;
  double Readings::*value;
  bool counts;  ///< only ever grows
};

constexpr std::array kFigures{
    Figure{"recorte_tasks_waiting", "Tasks that wait for a worker", &Readings::tasks_waiting,
           false},
    Figure{"recorte_tasks_working", "Tasks that a worker does now", &Readings::tasks_working,
           false},
    Figure{"recorte_tasks_finished_total", "Tasks done, well or ill", &Readings::tasks_finished,
           true},
    Figure{"recorte_tasks_refused_total", "Tasks turned away by a full queue",
           &Readings::tasks_refused, true},
    Figure{"recorte_workers", "Worker processes", &Readings::workers, false},
    Figure{"recorte_worker_deaths_total", "Workers lost to crashes and hangs",
           &Readings::worker_deaths, true},
    Figure{"recorte_plugin_faults_total",
           "Tasks that a plugin crashed or hung in, or broke its contract",
           &Readings::plugin_faults, true},
    Figure{"recorte_plugins_out_of_use",
           "Plugins that are not used, as they failed too often, or by "
           "an admin's word",
           &Readings::plugins_out_of_use, false},
    Figure{"recorte_connections", "Open connections", &Readings::connections, false},
    Figure{"recorte_requests_answering", "Requests read and not yet answered whole",
           &Readings::answering, false},
    Figure{"recorte_refused_total", "Connections and requests turned away by a limit",
           &Readings::edge_refused, true},
    Figure{"recorte_image_cache_hits_total", "Images that a worker found open",
           &Readings::image_cache_hits, true},
    Figure{"recorte_image_cache_misses_total", "Images that a worker had to open",
           &Readings::image_cache_misses, true},
    Figure{"recorte_tile_cache_hits_total", "Compressed tiles that a worker found unpacked",
           &Readings::tile_cache_hits, true},
    Figure{"recorte_tile_cache_misses_total", "Compressed tiles that a worker had to unpack whole",
           &Readings::tile_cache_misses, true},
    Figure{"recorte_records_lost_total", "Requests whose record could not be written",
           &Readings::records_lost, true},
    Figure{"recorte_audit_lost_total", "Events of the audit trail that could not be written",
           &Readings::audit_lost, true},
    Figure{"recorte_disk_free_bytes", "Free space where the data directory lies",
           &Readings::disk_free, false},
    Figure{"recorte_disk_size_bytes", "Size of the disk where the data directory lies",
           &Readings::disk_size, false},
};

/// Seconds.
const prometheus::Histogram::BucketBoundaries kBuckets{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

/// A method of a client's own making is no label of ours.
std::string method_label(const std::string& method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "OPTIONS", "DELETE", "PUT"})
    if (method == known) return method;
  return "other";
}

}  // namespace

struct Metrics::Implementation {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("recorte_requests_total")
          .Help("Requests by route, method and status; status 0: left before an answer began")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("recorte_request_seconds")
          .Help("Seconds from a request's last byte in to its answer's last byte out, by route")
          .Register(registry);
  prometheus::Counter& bytes = prometheus::BuildCounter()
                                   .Name("recorte_sent_bytes_total")
                                   .Help("Bytes of bodies sent")
                                   .Register(registry)
                                   .Add({});
};

Metrics::Metrics() : implementation_(std::make_unique<Implementation>()) {}
Metrics::~Metrics() = default;

void Metrics::count(const http::Request& request, const http::Ending& ending) {
  auto& all = *implementation_;
  const auto route = ending.route.empty() ? "none" : ending.route;
  all.requests
      .Add({{"route", route},
            {"method", method_label(request.method)},
            {"status", std::to_string(ending.status)}})
      .Increment();
  all.seconds.Add({{"route", route}}, kBuckets)
      .Observe(static_cast<double>(ending.micros) * kMicros);
  all.bytes.Increment(static_cast<double>(ending.bytes));
}

std::string Metrics::text(const Readings& readings) {
  auto families = implementation_->registry.Collect();
  for (const auto& figure : kFigures) {
    prometheus::ClientMetric metric;
    if (figure.counts)
      metric.counter.value = readings.*figure.value;
    else
      metric.gauge.value = readings.*figure.value;
    families.push_back(
        {figure.name,
         figure.help,
         figure.counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
         {std::move(metric)}});
  }
  return prometheus::TextSerializer().Serialize(families);
}

http::Handler metrics_handler(Metrics& metrics, const std::function<Readings()>& read) {
  return [&metrics, read](const std::shared_ptr<const http::Request>&, const http::Reply& reply) {
    reply(
        http::text_response(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(read())));
  };
}

}  // namespace recorte::ops
