// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_files.hpp"

#include "core/base/text.hpp"
#include "core/batch/manifest.hpp"
#include "server/api/job_json.hpp"
#include "server/api/job_list.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"
#include "server/service/job_files.hpp"
#include "server/service/product_response.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;
using service::Jobs;
using SharedResults = std::shared_ptr<const batch::Results>;
using Show = std::function<Result<http::Response>(const http::Request&, const job::Job&,
                                                  const SharedResults&)>;

/// GET of something that a job has made.
http::Handler showing(Jobs& jobs, Show show) {
  return [&jobs, show = std::move(show)](const std::shared_ptr<const http::Request>& http,
                                         const http::Reply& reply) {
    const auto asker = service::asker_of(*http, reply);
    const auto job = jobs.find(http->capture("id"), asker);
    if (!job) return reply(problem(*http, job.error()));
    const auto results = jobs.results(*job, asker, to_int(http->capture("number")));
    if (!results) return reply(problem(*http, results.error()));
    auto shown = show(*http, *job, *results);
    reply(shown ? std::move(*shown) : problem(*http, shown.error()));
  };
}

/// A row of the manifest, its number and its URL before it.
Result<ordered_json> row_json(const batch::Results& results, std::size_t product,
                              const std::string& url) {
  const auto text = batch::manifest_json(results, product);
  if (!text) return fail(text.error());
  const auto number = std::to_string(product + 1);
  ordered_json out{{"number", product + 1}, {"url", url + "/results/" + number}};
  const auto row = ordered_json::parse(*text);
  for (const auto& [name, value] : row.items())
    if (!out.contains(name)) out[name] = value;
  return out;
}

Result<http::Response> products_page(const http::Request& http, const job::Job& job,
                                     const SharedResults& results) {
  const auto window = read_window(http.parameters);
  if (!window) return fail(window.error());
  const auto url = job_url(http.base_url, job.id);
  const auto total = static_cast<std::int64_t>(results->plan().size());
  const auto end = std::min(total, window->offset + window->limit);
  auto rows = ordered_json::array();
  for (auto i = window->offset; i < end; ++i) {
    auto row = row_json(*results, static_cast<std::size_t>(i), url);
    if (!row) return fail(std::move(row).error());
    rows.push_back(std::move(*row));
  }
  const auto next =
      url + "/products?offset=" + std::to_string(end) + "&limit=" + std::to_string(window->limit);
  return json_response({{"total", total},
                        {"offset", window->offset},
                        {"products", std::move(rows)},
                        {"next", end < total ? ordered_json(next) : ordered_json()}});
}

}  // namespace

std::vector<http::Route> job_file_routes(Jobs& jobs) {
  std::vector<http::Route> out{
      {"/api/v1/jobs/{id}/products", {"GET"}, {http::Need::kRead}, showing(jobs, products_page)},
      {"/api/v1/jobs/{id}/results/{number}",
       {"GET"},
       {http::Need::kRead, "download"},
       showing(jobs,
               [](const auto& http, const auto&, const auto& results) -> Result<http::Response> {
                 const auto number = service::product_number(http.capture("number"), *results);
                 if (!number) return fail(number.error());
                 return service::product_file(*results, *number);
               })}};
  for (const auto& file : service::job_files())
    out.push_back({"/api/v1/jobs/{id}/" + std::string(file.name),
                   {"GET"},
                   {http::Need::kRead, "download"},
                   showing(jobs, [&jobs, name = file.name](const auto&, const auto& job,
                                                           const auto& results) {
                     return service::job_file(jobs, name, job, results);
                   })});
  return out;
}

}  // namespace recorte::api
