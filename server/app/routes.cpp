// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/routes.hpp"

#include "server/account/account.hpp"
#include "server/api/api.hpp"
#include "server/api/job_files.hpp"
#include "server/api/job_links.hpp"
#include "server/api/jobs.hpp"
#include "server/api/openapi.hpp"
#include "server/api/problem.hpp"
#include "server/page/page.hpp"
#include "server/soda/error_text.hpp"
#include "server/soda/sync.hpp"
#include "server/uws/uws.hpp"
#include "server/vosi/vosi.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace recorte::app {

using http::Need;
using http::Of;

std::vector<http::Route> routes(const Parts& parts) {
  std::vector<http::Route> out{
      {"/",
       {"GET"},
       {Need::kRead},
       page::home_handler(parts.surveys, parts.switchboard, parts.directory, parts.can_sign_in)},
      {"/style.css", {"GET"}, {Need::kNothing}, page::style_handler()},
      {"/favicon.svg", {"GET"}, {Need::kNothing}, page::icon_handler()},
      {"/sync",
       {"GET", "POST"},
       {Need::kRead, "cutout", Of::kSurvey},
       soda::sync_handler(parts.cutouts, parts.identifier)},
      {"/api/v1/cutout",
       {"GET", "POST"},
       {Need::kRead, "cutout", Of::kSurvey},
       api::cutout_handler(parts.cutouts)},
      {"/api/v1/surveys",
       {"GET"},
       {Need::kRead},
       api::surveys_handler(parts.surveys, parts.switchboard, parts.directory)},
      {"/api/v1/surveys/{id}",
       {"GET"},
       {Need::kRead, "", Of::kSurvey},
       api::survey_handler(parts.surveys, parts.switchboard, parts.directory)},
      {"/api/v1/images",
       {"GET"},
       {Need::kRead, "", Of::kSurvey},
       api::images_handler(parts.cutouts)},
      {"/healthz", {"GET"}, {Need::kNothing}, ops::health_handler()},
      {"/readyz", {"GET"}, {Need::kNothing}, ops::ready_handler(parts.checks), true},
      {"/metrics", {"GET"}, {Need::kNothing}, ops::metrics_handler(parts.metrics, parts.readings)},
      {"/availability", {"GET"}, {Need::kNothing}, vosi::availability_handler(parts.checks), true},
      {"/docs", {"GET"}, {Need::kNothing}, page::docs_handler()},
      {"/plugins/{id}", {"GET"}, {Need::kRead}, page::plugin_handler(parts.plugins), true},
      {"/docs.js", {"GET"}, {Need::kNothing}, page::script_handler()},
  };
  const auto append = [&](std::vector<http::Route> more) {
    std::ranges::move(more, std::back_inserter(out));
  };
  append(parts.signing_in);
  append(http::slow(api::coverage_routes(parts.surveys, parts.directory)));
  append(http::slow(uws::routes(parts.jobs)));
  append(http::slow(api::job_routes(parts.jobs)));
  append(http::slow(api::job_link_routes(parts.links)));
  append(http::slow(api::shared_routes(parts.jobs, parts.links)));
  // The document has itself in it.
  auto served = api::served(out);
  served.emplace_back("GET", "/openapi.json");
  append(admin::routes(parts.admin));
  out.push_back(
      {"/openapi.json", {"GET"}, {Need::kNothing}, api::openapi_handler(std::move(served))});
  return out;
}

http::Response refuse(const http::Request& request, int status, const std::string& message) {
  const auto code = status == 401   ? ErrorCode::kUnauthenticated
                    : status == 403 ? ErrorCode::kForbidden
                    : status == 404 ? ErrorCode::kNotFound
                    : status == 429 ? ErrorCode::kRateLimited
                    : status == 413 ? ErrorCode::kTooLarge
                    : status == 500 ? ErrorCode::kInternal
                    : status == 503 ? ErrorCode::kUnavailable
                                    : ErrorCode::kUsage;
  if (auto page = account_face::refusal_page(request, status, message)) return std::move(*page);
  if (request.path.starts_with("/api/"))
    return api::problem(request, status, error_row(code).name, message);
  auto response = soda::error_text(request, {code, message});
  response.status = status;
  return response;
}

}  // namespace recorte::app
