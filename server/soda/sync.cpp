// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/sync.hpp"

#include "server/service/product_response.hpp"
#include "server/soda/descriptor.hpp"
#include "server/soda/error_text.hpp"
#include "server/soda/query.hpp"

namespace recorte::soda {
namespace {

constexpr std::string_view kVotable = "application/x-votable+xml";

Status servable(const Query& query) {
  if (query.ids.empty())
    return fail(ErrorCode::kUsage, "the ID is missing; name a survey or an image, such as ID=demo");
  if (const auto count = query.combinations(); count > 1)
    return fail(ErrorCode::kMultiValued, "this asks for " + std::to_string(count) + " results (" +
                                             std::to_string(query.ids.size()) + " ID, " +
                                             std::to_string(query.regions.size()) + " regions, " +
                                             std::to_string(query.bands.size()) + " BAND, " +
                                             std::to_string(query.times.size()) +
                                             " TIME); sync gives one, so send a request for each");
  return {};
}

/// image/fits is the name of a plain two-dimensional image (of one HDU), where that is what came.
void name_plain_fits(http::Response& response, const cutout::CutoutRequest& request) {
  if (response.status == 200 && request.bands.size() == 1 && request.planes.size() == 1)
    response.headers.set("Content-Type", "image/fits");
}

}  // namespace

http::Handler sync_handler(service::Cutouts& cutouts, service::Identifier& identifier) {
  return [&](std::shared_ptr<const http::Request> http, http::Reply reply) {
    auto read = read_query(http->parameters);
    if (!read) return reply(error_text(*http, read.error()));
    const auto query = std::make_shared<const Query>(std::move(*read));
    if (query->max_records == 0)
      return reply(http::text_response(
          200, kVotable,
          service_descriptor(http->base_url + "/sync", query->ids.empty() ? "" : query->ids[0])));
    if (auto good = servable(*query); !good) return reply(error_text(*http, good.error()));

    const auto asker = service::asker_of(*http, reply);
    identifier.identify(
        query->ids.front(), asker,
        [&cutouts, http, reply, query, asker](const Result<service::Identified>& data) {
          if (!data) return reply(error_text(*http, data.error()));
          auto request = single_request(*query, *data);
          if (!request) return reply(error_text(*http, request.error()));
          const auto answer = query->plain_fits ? reply.then([request = *request](auto& response) {
            name_plain_fits(response, request);
          })
                                                : reply;
          service::reply_with_cutout(cutouts, *request, asker, http, answer, error_text,
                                     {"/async", "PHASE=RUN"});
        });
  };
}

}  // namespace recorte::soda
