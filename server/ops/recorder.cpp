// SPDX-License-Identifier: BSD-3-Clause
#include "server/ops/recorder.hpp"

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"

#include <algorithm>
#include <array>

namespace recorte::ops {
namespace {

/// Of a target, a referrer of novels; of a RUNID, what DALI allows (1.1, 3.4.6).
constexpr std::size_t kLongestTarget = 4'096;
constexpr std::size_t kLongestRunId = 64;

/// "00-4bf92f3577b34da6a3ce929d0e0e4736-…": the trace-id of a traceparent.
std::string_view trace_id(std::string_view traceparent) {
  return traceparent.size() >= 35 ? traceparent.substr(3, 32) : std::string_view();
}

/// Credentials that somebody put where they do not belong, and are refused for: not kept.
bool holds_credential(const http::Request& request) {
  constexpr std::array kNames{"access_token", "token", "password", "signature"};
  return std::ranges::any_of(request.parameters, [&](const http::Parameter& parameter) {
    return std::ranges::any_of(
        kNames, [&](const char* name) { return equal_ignoring_case(parameter.name, name); });
  });
}

db::RequestRecord record_of(const http::Request& request, const http::Ending& ending) {
  db::RequestRecord out;
  out.id = request.id;
  out.time = now_micros() - ending.micros;
  out.user = ending.notes.user;
  out.service = ending.notes.service;
  out.address = request.address;
  out.method = request.method;
  out.route = ending.route;
  out.target = request.path;
  if (!request.query.empty())
    out.target += request.hides_query || holds_credential(request) ? "?..." : "?" + request.query;
  if (out.target.size() > kLongestTarget) out.target.resize(kLongestTarget);
  if (const auto* run_id = request.parameter("RUNID"))
    out.run_id = run_id->substr(0, kLongestRunId);
  out.survey = ending.notes.survey;
  out.canonical = ending.notes.canonical;
  out.status = ending.status;
  out.bytes = ending.bytes;
  out.total_us = ending.micros;
  out.queued_us = ending.notes.queued_us;
  out.worked_us = ending.notes.worked_us;
  out.whole = ending.whole;
  out.error = ending.notes.error;
  return out;
}

void log_line(const http::Request& request, const db::RequestRecord& record,
              const http::Ending& ending) {
  const auto level =
      record.status >= 500 && record.status != 503 ? log::Level::kError : log::Level::kInfo;
  log::write(level, record.error.empty() ? "request" : record.error,
             {{"request_id", record.id},
              {"trace_id", trace_id(request.traceparent)},
              {"user", record.user},
              {"service", record.service},
              {"address", record.address},
              {"method", record.method},
              {"route", record.route},
              {"target", record.target},
              {"run_id", record.run_id},
              {"survey", record.survey},
              {"plugin", ending.notes.plugin},
              {"status", std::int64_t{record.status}},
              {"bytes", record.bytes},
              {"milliseconds", static_cast<double>(record.total_us) / 1000}});
}

}  // namespace

http::Observer recorder(db::RequestLog& records, Metrics& metrics) {
  return [&](const http::Request& request, const http::Ending& ending) {
    metrics.count(request, ending);
    auto record = record_of(request, ending);
    log_line(request, record, ending);
    records.add(std::move(record));
  };
}

}  // namespace recorte::ops
