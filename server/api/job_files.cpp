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

/// What a job has made, for somebody who may have it.
struct Made {
  job::Job job;
  SharedResults results;
  std::string url, query;  ///< that those of its files begin with, and end with
};
using Open = std::function<Result<Made>(const http::Request&, const http::Reply&)>;
using Show = std::function<Result<http::Response>(const http::Request&, const Made&)>;

http::Handler showing(Open open, Show show) {
  return [open = std::move(open), show = std::move(show)](
             const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto made = open(*http, reply);
    if (!made) return reply(problem(*http, made.error()));
    auto shown = show(*http, *made);
    reply(shown ? std::move(*shown) : problem(*http, shown.error()));
  };
}

/// A row of the manifest, its number and its URL before it.
Result<ordered_json> row_json(const Made& made, std::size_t product) {
  const auto text = batch::manifest_json(*made.results, product);
  if (!text) return fail(text.error());
  const auto number = std::to_string(product + 1);
  ordered_json out{
      {"number", product + 1},
      {"url", made.url + "/results/" + number + (made.query.empty() ? "" : "?" + made.query)}};
  const auto row = ordered_json::parse(*text);
  for (const auto& [name, value] : row.items())
    if (!out.contains(name)) out[name] = value;
  return out;
}

Result<http::Response> products_page(const http::Request& http, const Made& made) {
  auto parameters = http.parameters;
  if (!made.query.empty())
    std::erase_if(parameters, [](const auto& p) {
      return equal_ignoring_case(p.name, "expires") || equal_ignoring_case(p.name, "signature");
    });
  const auto window = read_window(parameters);
  if (!window) return fail(window.error());
  const auto total = static_cast<std::int64_t>(made.results->plan().size());
  const auto end = std::min(total, window->offset + window->limit);
  auto rows = ordered_json::array();
  for (auto i = window->offset; i < end; ++i) {
    auto row = row_json(made, static_cast<std::size_t>(i));
    if (!row) return fail(std::move(row).error());
    rows.push_back(std::move(*row));
  }
  const auto next = made.url + "/products?offset=" + std::to_string(end) +
                    "&limit=" + std::to_string(window->limit) +
                    (made.query.empty() ? "" : "&" + made.query);
  return json_response({{"total", total},
                        {"offset", window->offset},
                        {"products", std::move(rows)},
                        {"next", end < total ? ordered_json(next) : ordered_json()}});
}

Result<http::Response> product(const http::Request& http, const Made& made) {
  const auto number = service::product_number(http.capture("number"), *made.results);
  if (!number) return fail(number.error());
  return service::product_file(*made.results, *number);
}

std::vector<http::Route> file_routes(Jobs& jobs, const std::string& under, const http::Access& page,
                                     const http::Access& file, const Open& open) {
  std::vector<http::Route> out{
      {under + "/products", {"GET"}, page, showing(open, products_page)},
      {under + "/results/{number}", {"GET"}, file, showing(open, product)}};
  for (const auto& each : service::job_files())
    out.push_back({under + "/" + std::string(each.name),
                   {"GET"},
                   file,
                   showing(open, [&jobs, name = each.name](const auto&, const Made& made) {
                     return service::job_file(jobs, name, made.job, made.results);
                   })});
  return out;
}

Open open_for_asker(Jobs& jobs) {
  return [&jobs](const http::Request& http, const http::Reply& reply) -> Result<Made> {
    const auto asker = service::asker_of(http, reply);
    auto job = jobs.find(http.capture("id"), asker);
    if (!job) return fail(std::move(job).error());
    auto results = jobs.results(*job, asker, to_int(http.capture("number")));
    if (!results) return fail(std::move(results).error());
    auto url = job_url(http.base_url, job->id);
    return Made{std::move(*job), std::move(*results), std::move(url), ""};
  };
}

std::string said(const http::Request& http, std::string_view name) {
  const auto* value = http.parameter(name);
  return value ? *value : "";
}

Open open_by_link(service::JobLinks& links) {
  return [&links](const http::Request& http, const http::Reply& reply) -> Result<Made> {
    const auto id = http.capture("id");
    const auto under = "/api/v1/shared/" + id;
    const auto expires = said(http, "expires"), signature = said(http, "signature");
    auto opened = links.open(id, http.path.substr(std::min(http.path.size(), under.size() + 1)),
                             expires, signature, service::asker_of(http, reply));
    if (!opened) return fail(std::move(opened).error());
    return Made{std::move(opened->job), std::move(opened->results), http.base_url + under,
                "expires=" + expires + "&signature=" + signature};
  };
}

/// Nobody but who has the link keeps what it opens, or is told of the link.
http::Handler of_link(http::Handler handler) {
  return [handler = std::move(handler)](const std::shared_ptr<const http::Request>& http,
                                        const http::Reply& reply) {
    handler(http, reply.then([path = http->path](http::Response& response) {
      response.headers.set("Cache-Control", "private, no-cache");
      response.headers.set("Referrer-Policy", "no-referrer");
      response.notes.detail = "by a link: " + path.substr(path.rfind("/shared/") + 1);
    }));
  };
}

}  // namespace

std::vector<http::Route> job_file_routes(Jobs& jobs) {
  return file_routes(jobs, "/api/v1/jobs/{id}", {http::Need::kRead, "", http::Of::kJob},
                     {http::Need::kRead, "download", http::Of::kJob}, open_for_asker(jobs));
}

std::vector<http::Route> shared_routes(Jobs& jobs, service::JobLinks& links) {
  const http::Access access{http::Need::kWelcome, "shared", http::Of::kLink, true};
  auto out = file_routes(jobs, "/api/v1/shared/{id}", access, access, open_by_link(links));
  for (auto& route : out) route.handler = of_link(std::move(route.handler));
  return out;
}

}  // namespace recorte::api
