// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "server/service/job_times.hpp"
#include "server/service/product_response.hpp"
#include "server/soda/error_text.hpp"
#include "server/uws/documents.hpp"
#include "server/uws/handlers.hpp"
#include "server/uws/submission.hpp"

#include <functional>
#include <utility>

namespace recorte::uws {
namespace {

using Change = std::function<Result<job::Job>(const std::string& id, const http::Request&,
                                              const service::Asker&)>;

http::Handler changing(Change change) {
  return [change = std::move(change)](const std::shared_ptr<const http::Request>& http,
                                      const http::Reply& reply) {
    const auto job = change(http->capture("id"), *http, service::asker_of(*http, reply));
    reply(job ? http::see_other(job_url(http->base_url, *job))
              : soda::error_text(*http, job.error()));
  };
}

/// The one value of a parameter that must be there.
Result<std::string> value_of(const http::Request& http, std::string_view name,
                             std::string_view example) {
  const std::string* value = nullptr;
  for (const auto& parameter : http.parameters) {
    if (!equal_ignoring_case(parameter.name, name)) continue;
    if (value != nullptr)
      return fail(ErrorCode::kMultiValued, std::string(name) + " is given twice; give it once");
    value = &parameter.value;
  }
  if (value == nullptr || trim(*value).empty())
    return fail(ErrorCode::kUsage, std::string(name) + " is missing; write " + std::string(name) +
                                       "=" + std::string(example));
  return std::string(trim(*value));
}

http::Response removed(service::Jobs& jobs, const http::Request& http,
                       const service::Asker& asker) {
  const auto done = jobs.remove(http.capture("id"), asker);
  return done ? http::see_other(http.base_url + "/async") : soda::error_text(http, done.error());
}

}  // namespace

http::Handler set_phase_handler(service::Jobs& jobs) {
  return changing([&jobs](const auto& id, const auto& http, const auto& asker) -> Result<job::Job> {
    const auto phase = value_of(http, "PHASE", "RUN");
    if (!phase) return fail(phase.error());
    if (*phase == "RUN") return jobs.run(id, asker);
    if (*phase == "ABORT") return jobs.abort(id, asker);
    return fail(ErrorCode::kUsage,
                "PHASE '" + phase->substr(0, 60) + "' cannot be asked for; write RUN or ABORT");
  });
}

http::Handler set_execution_handler(service::Jobs& jobs) {
  return changing([&jobs](const auto& id, const auto& http, const auto& asker) -> Result<job::Job> {
    const auto value = value_of(http, "EXECUTIONDURATION", "3600");
    if (!value) return fail(value.error());
    const auto seconds = service::parse_seconds("EXECUTIONDURATION", *value);
    if (!seconds) return fail(seconds.error());
    return jobs.set_execution(id, *seconds, asker);
  });
}

http::Handler set_destruction_handler(service::Jobs& jobs) {
  return changing([&jobs](const auto& id, const auto& http, const auto& asker) -> Result<job::Job> {
    const auto value = value_of(http, "DESTRUCTION", "2026-12-24T18:00:00Z");
    if (!value) return fail(value.error());
    const auto time = service::parse_instant("DESTRUCTION", *value);
    if (!time) return fail(time.error());
    return jobs.set_destruction(id, *time, asker);
  });
}

http::Handler set_parameters_handler(service::Jobs& jobs) {
  return changing([&jobs](const auto& id, const auto& http, const auto& asker) -> Result<job::Job> {
    auto parameters = read_parameters(http.parameters);
    if (!parameters) return fail(std::move(parameters).error());
    return jobs.set_parameters(id, std::move(*parameters), asker);
  });
}

http::Handler remove_handler(service::Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    reply(removed(jobs, *http, service::asker_of(*http, reply)));
  };
}

http::Handler act_handler(service::Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto action = value_of(*http, "ACTION", "DELETE");
    if (!action) return reply(soda::error_text(*http, action.error()));
    if (*action != "DELETE")
      return reply(soda::error_text(
          *http, {ErrorCode::kUsage, "ACTION '" + action->substr(0, 60) +
                                         "' is none; write DELETE, or POST PHASE, DESTRUCTION and "
                                         "so on to the job's own resources"}));
    reply(removed(jobs, *http, service::asker_of(*http, reply)));
  };
}

}  // namespace recorte::uws
