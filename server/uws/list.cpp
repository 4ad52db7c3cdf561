// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_filter.hpp"
#include "server/service/product_response.hpp"
#include "server/soda/error_text.hpp"
#include "server/uws/documents.hpp"
#include "server/uws/handlers.hpp"
#include "server/uws/submission.hpp"

namespace recorte::uws {

http::Handler list_handler(service::Jobs& jobs) {
  return [&jobs](std::shared_ptr<const http::Request> http, http::Reply reply) {
    auto read = service::read_filter(http->parameters);
    if (!read) return reply(soda::error_text(*http, read.error()));
    read->filter.limit = service::kLongestList + 1;
    auto found = read->none ? Result<std::vector<job::Job>>()
                            : jobs.list(std::move(read->filter), service::asker_of(*http, reply));
    reply(found ? http::text_response(200, kXml, jobs_document(std::move(*found), http->base_url))
                : soda::error_text(*http, found.error()));
  };
}

http::Handler create_handler(service::Jobs& jobs) {
  return [&jobs](std::shared_ptr<const http::Request> http, http::Reply reply) {
    auto read = read_submission(http->parameters);
    if (!read) return reply(soda::error_text(*http, read.error()));
    jobs.create(std::move(*read), service::asker_of(*http, reply),
                [http, reply](const Result<service::Created>& made) {
                  reply(made ? http::see_other(job_url(http->base_url, made->job))
                             : soda::error_text(*http, made.error()));
                });
  };
}

}  // namespace recorte::uws
