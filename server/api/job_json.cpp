// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_json.hpp"

#include "server/service/job_files.hpp"

#include <nlohmann/json.hpp>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;

constexpr double kSecond = 1e6;

ordered_json time_json(Micros time) {
  return time > 0 ? ordered_json(iso_time(time)) : ordered_json();
}

ordered_json or_null(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json parameters_json(const job::Job& job) {
  auto out = ordered_json::array();
  for (const auto& [name, value] : job.parameters)
    out.push_back({{"name", name}, {"value", value}});
  return out;
}

ordered_json error_json(const std::optional<Error>& error) {
  if (!error) return {};
  return {{"code", error_row(error->code).name}, {"detail", error->message}};
}

ordered_json hold_json(const job::Job& job) {
  if (job.phase != job::Phase::kHeld) return {};
  return {{"by", job::kHoldNames[static_cast<std::size_t>(job.hold)]},
          {"until", time_json(job.hold_until)}};
}

ordered_json queue_json(const std::optional<service::QueuePlace>& place) {
  if (!place) return {};
  return {
      {"ahead", place->ahead}, {"start", time_json(place->start)}, {"end", time_json(place->end)}};
}

ordered_json files_json(const std::string& url) {
  ordered_json out{{"products", url + "/products"}, {"events", url + "/events"}};
  for (const auto& file : service::job_files())
    out[std::string(file.name)] = url + "/" + std::string(file.name);
  return out;
}

}  // namespace

std::string job_url(const std::string& base_url, const std::string& id) {
  return base_url + "/api/v1/jobs/" + id;
}

ordered_json job_json(const job::Job& job, const std::string& base_url,
                      const std::optional<service::QueuePlace>& place) {
  const auto url = job_url(base_url, job.id);
  const bool looked = job.outside >= 0;
  return {{"id", job.id},
          {"url", url},
          {"uws_url", base_url + "/async/" + job.id},
          {"phase", job::name_of(job.phase)},
          {"run_id", or_null(job.run_id)},
          {"owner", job.owner},
          {"created", time_json(job.created)},
          {"started", time_json(job.started)},
          {"ended", time_json(job.ended)},
          {"quote", time_json(place ? place->end : job.quote)},
          {"queue", queue_json(place)},
          {"place", job.place},
          {"hold", hold_json(job)},
          {"destruction", time_json(job.destruction)},
          {"execution_duration", job.execution_seconds},
          {"parameters", parameters_json(job)},
          {"list", or_null(job.list)},
          {"positions", job.positions},
          {"products", job.products},
          {"covered", looked ? ordered_json(job.products - job.outside) : ordered_json()},
          {"outside", looked ? ordered_json(job.outside) : ordered_json()},
          {"done", job.tally.products()},
          {"ok", job.tally.ok},
          {"partial", job.tally.partial},
          {"no_coverage", job.tally.no_coverage},
          {"failed", job.tally.failed},
          {"bytes", job.tally.bytes},
          {"work_seconds", static_cast<double>(job.tally.work_us) / kSecond},
          {"error", error_json(job.error)},
          {"links", files_json(url)}};
}

ordered_json created_json(const service::Created& created, const std::string& base_url) {
  constexpr std::size_t most = 1'000;
  auto out = job_json(created.job, base_url);
  const auto& rows = created.outside_rows;
  out["outside_rows"] = std::vector<std::int64_t>(
      rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(most, rows.size())));
  return out;
}

}  // namespace recorte::api
