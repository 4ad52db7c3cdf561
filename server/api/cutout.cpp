// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/api.hpp"
#include "server/api/problem.hpp"
#include "server/api/reading.hpp"
#include "server/service/product_response.hpp"

namespace recorte::api {
namespace {

Result<cutout::CutoutRequest> read_request(const std::vector<http::Parameter>& parameters) {
  auto draft = read_draft(parameters);
  if (!draft) return fail(std::move(draft).error());
  return draft->finish();
}

}  // namespace

http::Handler cutout_handler(service::Cutouts& cutouts) {
  return [&](std::shared_ptr<const http::Request> http, http::Reply reply) {
    auto request = read_request(http->parameters);
    if (!request) return reply(problem(*http, request.error()));
    const auto asker = service::asker_of(*http, reply);
    service::reply_with_cutout(
        cutouts, *request, asker, http, reply,
        [](const http::Request& r, const Error& error) { return problem(r, error); },
        {"/api/v1/jobs", ""});
  };
}

}  // namespace recorte::api
