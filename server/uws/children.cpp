// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "server/service/job_files.hpp"
#include "server/service/product_response.hpp"
#include "server/soda/error_text.hpp"
#include "server/uws/documents.hpp"
#include "server/uws/handlers.hpp"
#include "server/uws/waiting.hpp"

#include <functional>
#include <utility>

namespace recorte::uws {
namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";

using service::Asker;
using Show =
    std::function<Result<http::Response>(const http::Request&, const job::Job&, const Asker&)>;

/// GET of something of a job that exists, and that the caller may see.
http::Handler showing(service::Jobs& jobs, Show show) {
  return [&jobs, show = std::move(show)](const std::shared_ptr<const http::Request>& http,
                                         const http::Reply& reply) {
    const auto asker = service::asker_of(*http, reply);
    const auto job = jobs.find(http->capture("id"), asker);
    auto shown = job ? show(*http, *job, asker) : fail(job.error());
    reply(shown ? std::move(*shown) : soda::error_text(*http, shown.error()));
  };
}

http::Handler showing_text(service::Jobs& jobs, std::function<std::string(const job::Job&)> text) {
  return showing(jobs, [text = std::move(text)](const auto&, const job::Job& job, const auto&) {
    return http::text_response(200, kText, text(job));
  });
}

/// Null where nothing is made of it, or its results are gone.
Result<std::shared_ptr<const batch::Results>> results_of(service::Jobs& jobs, const job::Job& job,
                                                         const Asker& asker) {
  auto results = jobs.results(job, asker, {});
  if (!results && results.error().code == ErrorCode::kNotFound)
    return std::shared_ptr<const batch::Results>();
  return results;
}

Result<std::vector<ResultEntry>> entries_of(service::Jobs& jobs, const http::Request& http,
                                            const job::Job& job, const Asker& asker) {
  const auto results = results_of(jobs, job, asker);
  if (!results) return fail(results.error());
  auto entries = result_list(job, results->get(), job_url(http.base_url, job));
  for (auto& entry : entries)
    if (entry.id.find('.') != entry.id.npos)
      entry.size = service::job_file_size(jobs, entry.id, job, *results);
  return entries;
}

bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kForbidden || error.code == ErrorCode::kUnauthenticated;
}

Result<http::Response> document_of(service::Jobs& jobs, const http::Request& http,
                                   const job::Job& job, const Asker& asker) {
  auto entries = entries_of(jobs, http, job, asker);
  // The job stays its owner's, who may not have the results any more.
  if (!entries && is_refusal(entries.error())) entries = std::vector<ResultEntry>();
  if (!entries) return fail(entries.error());
  return http::text_response(200, kXml, job_document(job, *entries, jobs.queue_place(job)));
}

/// A product that could not be made is a text that says why (SODA 1.0, 5.2).
Result<http::Response> result_response(service::Jobs& jobs, const std::string& name,
                                       const job::Job& job, const Asker& asker) {
  const auto results = jobs.results(job, asker, to_int(name));
  if (!results) return fail(results.error());
  if (name.find('.') != name.npos) return service::job_file(jobs, name, job, *results);
  const auto number = service::product_number(name, **results);
  if (!number) return fail(number.error());
  if (const auto found = (*results)->product(*number))
    if (const auto outcome = found->pack->outcome(found->item); outcome && outcome->error)
      return http::text_response(200, kText, soda::error_words(*outcome->error));
  return service::product_file(**results, *number);
}

}  // namespace

http::Handler job_handler(service::Jobs& jobs) {
  return [&jobs](std::shared_ptr<const http::Request> http, http::Reply reply) {
    const auto asker = service::asker_of(*http, reply);
    const auto wait = http->method == "HEAD" ? Result<Wait>() : read_wait(http->parameters);
    if (!wait) return reply(soda::error_text(*http, wait.error()));
    const auto job = jobs.find(http->capture("id"), asker);
    if (!job) return reply(soda::error_text(*http, job.error()));
    wait_for_change(jobs, *job, *wait, asker,
                    [&jobs, http, reply, asker](const Result<job::Job>& now) {
                      auto shown = now ? document_of(jobs, *http, *now, asker) : fail(now.error());
                      reply(shown ? std::move(*shown) : soda::error_text(*http, shown.error()));
                    });
  };
}

http::Handler phase_handler(service::Jobs& jobs) {
  return showing_text(jobs, [](const job::Job& job) { return std::string(name_of(job.phase)); });
}
http::Handler execution_handler(service::Jobs& jobs) {
  return showing_text(jobs,
                      [](const job::Job& job) { return std::to_string(job.execution_seconds); });
}
http::Handler destruction_handler(service::Jobs& jobs) {
  return showing_text(jobs, [](const job::Job& job) { return time_text(job.destruction); });
}
http::Handler quote_handler(service::Jobs& jobs) {
  return showing_text(
      jobs, [&jobs](const job::Job& job) { return quote_text(job, jobs.queue_place(job)); });
}
http::Handler owner_handler(service::Jobs& jobs) { return showing_text(jobs, owner_of); }

http::Handler error_handler(service::Jobs& jobs) {
  return showing(jobs, [](const auto&, const job::Job& job, const auto&) -> Result<http::Response> {
    if (!job.error)
      return fail(ErrorCode::kNotFound, "the job " + job.id + " has no error; its phase is " +
                                            std::string(name_of(job.phase)));
    return http::text_response(200, kText, soda::error_words(*job.error));
  });
}

http::Handler parameters_handler(service::Jobs& jobs) {
  return showing(jobs, [](const auto&, const job::Job& job, const auto&) {
    return http::text_response(200, kXml, parameters_document(job));
  });
}

http::Handler results_handler(service::Jobs& jobs) {
  return showing(
      jobs,
      [&jobs](const auto& http, const job::Job& job, const Asker& asker) -> Result<http::Response> {
        const auto entries = entries_of(jobs, http, job, asker);
        if (!entries) return fail(entries.error());
        return http::text_response(200, kXml, results_document(*entries));
      });
}

http::Handler result_handler(service::Jobs& jobs) {
  return showing(jobs, [&jobs](const auto& http, const job::Job& job, const Asker& asker) {
    return result_response(jobs, http.capture("name"), job, asker);
  });
}

}  // namespace recorte::uws
