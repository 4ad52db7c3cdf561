// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/summary.hpp"

#include "core/base/time.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace recorte::notify {
namespace {

using nlohmann::json;

json time_or_null(Micros time) { return time > 0 ? json(iso_time(time)) : json(); }

std::string text_of(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string name_of(const json& job) {
  const auto id = job.at("id").get<std::string>();
  const auto& run = job.at("run_id");
  return run.is_null() ? id : run.get<std::string>() + " (" + id + ")";
}

/// One line, its value in a column.
std::string line(std::string name, const json& value) {
  constexpr std::size_t kColumn = 16;
  name.resize(std::max(kColumn, name.size() + 1), ' ');
  return "  " + name + text_of(value) + "\n";
}

}  // namespace

json summary(const job::Job& job, const std::string& base_url) {
  const auto& tally = job.tally;
  const auto api = base_url + "/api/v1/jobs/" + job.id;
  json error;
  if (job.error)
    error = {{"code", error_row(job.error->code).name}, {"message", job.error->message}};
  return {{"id", job.id},
          {"run_id", job.run_id.empty() ? json() : json(job.run_id)},
          {"phase", job::name_of(job.phase)},
          {"error", error},
          {"products",
           {{"total", job.products},
            {"ok", tally.ok},
            {"partial", tally.partial},
            {"no_coverage", tally.no_coverage},
            {"failed", tally.failed}}},
          {"bytes", tally.bytes},
          {"created", time_or_null(job.created)},
          {"started", time_or_null(job.started)},
          {"ended", time_or_null(job.ended)},
          {"destruction", time_or_null(job.destruction)},
          {"links",
           {{"job", api},
            {"manifest", api + "/manifest.csv"},
            {"products", api + "/products.zip"},
            {"uws", base_url + "/async/" + job.id}}}};
}

std::string mail_subject(const json& job) {
  return "Recorte: job " + name_of(job) + " is " + text_of(job.at("phase"));
}

std::string mail_text(const json& job) {
  constexpr std::array<std::pair<const char*, const char*>, 5> kCounts{
      {{"products", "total"},
       {"ok", "ok"},
       {"partial", "partial"},
       {"no coverage", "no_coverage"},
       {"failed", "failed"}}};
  std::string out =
      "The job " + name_of(job) + " has ended. It is " + text_of(job.at("phase")) + ".\n\n";
  if (const auto& error = job.at("error"); !error.is_null())
    out += text_of(error.at("message")) + "\n\n";
  for (const auto& [name, key] : kCounts) out += line(name, job.at("products").at(key));
  out += line("bytes", job.at("bytes")) + "\n";
  out += line("created", job.at("created")) + line("started", job.at("started")) +
         line("ended", job.at("ended")) + line("kept until", job.at("destruction")) + "\n";
  const auto& links = job.at("links");
  out += line("the job", links.at("job")) + line("the manifest", links.at("manifest")) +
         line("all products", links.at("products")) + line("UWS", links.at("uws")) + "\n";
  return out + "You get this mail because the job names your address (NOTIFY).\n";
}

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace recorte::notify
