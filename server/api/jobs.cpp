// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/jobs.hpp"

#include "core/base/text.hpp"
#include "server/api/batch_reader.hpp"
#include "server/api/estimate.hpp"
#include "server/api/job_events.hpp"
#include "server/api/job_files.hpp"
#include "server/api/job_json.hpp"
#include "server/api/job_list.hpp"
#include "server/api/job_submission.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"
#include "server/api/quota.hpp"
#include "server/service/product_response.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <utility>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;
using service::Jobs;

/// What is done to a job by its id; the answer is the job as it is then.
using Act = Result<job::Job> (Jobs::*)(const std::string& id, const service::Asker& asker);

http::Response job_response(Jobs& jobs, const http::Request& http, const Result<job::Job>& job) {
  return job ? json_response(job_json(*job, http.base_url, jobs.queue_place(*job)))
             : problem(http, job.error());
}

http::Handler acting(Jobs& jobs, Act act) {
  return [&jobs, act](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    reply(job_response(jobs, *http,
                       (jobs.*act)(http->capture("id"), service::asker_of(*http, reply))));
  };
}

http::Handler place_handler(Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto place = read_place(http->parameters);
    reply(job_response(
        jobs, *http,
        place ? jobs.set_place(http->capture("id"), *place, service::asker_of(*http, reply))
              : fail(place.error())));
  };
}

std::function<void(const Result<service::Created>&)> answer_created(
    std::shared_ptr<const http::Request> http, http::Reply reply) {
  return [http = std::move(http), reply = std::move(reply)](const auto& created) {
    if (!created) return reply(problem(*http, created.error()));
    auto response = json_response(created_json(*created, http->base_url), 201);
    response.headers.add("Location", job_url(http->base_url, created->job.id));
    reply(std::move(response));
  };
}

http::Handler create_handler(Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    auto read = read_submission(*http);
    if (!read) return reply(problem(*http, read.error()));
    // One that is to run at once lacks nothing, or is none.
    if (const auto ask = read_ask(read->parameters, !read->list_name.empty(), read->run); !ask)
      return reply(problem(*http, ask.error()));
    jobs.create(std::move(*read), service::asker_of(*http, reply), answer_created(http, reply));
  };
}

http::Handler rerun_handler(Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    jobs.rerun(http->capture("id"), service::asker_of(*http, reply), answer_created(http, reply));
  };
}

/// The URL of the page after this one: the same conditions, before its last job.
std::string next_page(const http::Request& http, const std::string& last) {
  std::string out = http.base_url + "/api/v1/jobs?";
  for (const auto& [name, value] : http.parameters)
    if (!equal_ignoring_case(name, "before") && !trim(value).empty())
      out += url_encode(name) + "=" + url_encode(value) + "&";
  return out + "before=" + last;
}

http::Handler list_handler(Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto read = read_list(http->parameters);
    if (!read) return reply(problem(*http, read.error()));
    const auto found = read->none ? Result<std::vector<job::Job>>()
                                  : jobs.list(read->filter, service::asker_of(*http, reply));
    if (!found) return reply(problem(*http, found.error()));
    auto list = ordered_json::array();
    for (const auto& job : *found)
      list.push_back(job_json(job, http->base_url, jobs.queue_place(job)));
    const bool full = static_cast<std::int64_t>(found->size()) >= read->filter.limit;
    reply(json_response(
        {{"jobs", std::move(list)},
         {"next", full ? ordered_json(next_page(*http, found->back().id)) : ordered_json()}}));
  };
}

http::Handler job_handler(Jobs& jobs) { return acting(jobs, &Jobs::find); }

http::Handler remove_handler(Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto done = jobs.remove(http->capture("id"), service::asker_of(*http, reply));
    if (!done) return reply(problem(*http, done.error()));
    http::Response none;
    none.status = 204;
    reply(std::move(none));
  };
}

http::Handler events_handler(Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto asker = service::asker_of(*http, reply);
    auto job = jobs.find(http->capture("id"), asker);
    if (!job) return reply(problem(*http, job.error()));
    http::Response out;
    out.headers.add("Content-Type", "text/event-stream");
    out.headers.add("Cache-Control", "no-store");
    out.headers.add("X-Accel-Buffering", "no");  // nginx would keep the events back
    out.body = job_events(jobs, std::move(*job), http->base_url, asker);
    reply(std::move(out));
  };
}

}  // namespace

std::vector<http::Route> job_routes(Jobs& jobs) {
  using http::Need;
  using http::Of;
  const http::Access look{Need::kRead, "", Of::kJob}, change{Need::kSubmit, "change", Of::kJob};
  std::vector<http::Route> out{
      {"/api/v1/estimate", {"POST"}, {Need::kRead, "", Of::kSurvey}, estimate_handler(jobs)},
      {"/api/v1/quota", {"GET"}, {Need::kRead}, quota_handler(jobs)},
      {"/api/v1/jobs", {"GET"}, {Need::kRead}, list_handler(jobs)},
      {"/api/v1/jobs", {"POST"}, {Need::kSubmit, "submit", Of::kSurvey}, create_handler(jobs)},
      {"/api/v1/jobs/{id}", {"GET"}, look, job_handler(jobs)},
      {"/api/v1/jobs/{id}", {"DELETE"}, change, remove_handler(jobs)},
      {"/api/v1/jobs/{id}/run", {"POST"}, change, acting(jobs, &Jobs::run)},
      {"/api/v1/jobs/{id}/cancel", {"POST"}, change, acting(jobs, &Jobs::abort)},
      {"/api/v1/jobs/{id}/retry", {"POST"}, change, acting(jobs, &Jobs::retry)},
      {"/api/v1/jobs/{id}/pause", {"POST"}, change, acting(jobs, &Jobs::pause)},
      {"/api/v1/jobs/{id}/resume", {"POST"}, change, acting(jobs, &Jobs::run)},
      {"/api/v1/jobs/{id}/place", {"POST"}, change, place_handler(jobs)},
      {"/api/v1/jobs/{id}/rerun",
       {"POST"},
       {Need::kSubmit, "submit", Of::kJob},
       rerun_handler(jobs)},
      {"/api/v1/jobs/{id}/events", {"GET"}, look, events_handler(jobs)},
  };
  for (auto& route : job_file_routes(jobs)) out.push_back(std::move(route));
  return out;
}

}  // namespace recorte::api
