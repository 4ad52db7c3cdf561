// SPDX-License-Identifier: BSD-3-Clause
//
// Everybody's jobs: seen, held, released, stopped, moved, removed.
#include "core/base/text.hpp"
#include "server/admin/handlers.hpp"
#include "server/admin/reading.hpp"
#include "server/api/job_json.hpp"
#include "server/api/job_list.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <utility>

namespace recorte::admin {
namespace {

using http::Reply;
using nlohmann::ordered_json;
using service::JobAdmin;
using service::Jobs;
using Http = std::shared_ptr<const http::Request>;

/// As its owner is told, and what only the operator is.
ordered_json job_json(const job::Job& job, const std::string& base_url) {
  auto out = api::job_json(job, base_url);
  out["service"] = job.service;
  out["groups"] = job.groups;
  out["priority"] = job.priority;
  out["place"] = job.place;
  out["hold"] = job::kHoldNames[static_cast<std::size_t>(job.hold)];
  out["server"] = job.server;
  return out;
}

void answer(const Http& http, const Reply& reply, const Result<job::Job>& job) {
  reply(job ? api::json_response(job_json(*job, http->base_url))
            : api::problem(*http, job.error()));
}

/// What is done to a job by its id, and logged where it was.
http::Handler acting(std::string_view what,
                     std::function<Result<job::Job>(const http::Request&, const Reply&)> act) {
  return [what, act = std::move(act)](const Http& http, const Reply& reply) {
    const auto job = act(*http, reply);
    if (job) log_act(*http, what, job->id);
    answer(http, reply, job);
  };
}

/// As the users' list, and of one owner.
Result<service::JobFilter> read_filter(const http::Request& http) {
  std::vector<http::Parameter> rest;
  std::optional<std::string> owner;
  for (const auto& parameter : http.parameters) {
    if (equal_ignoring_case(parameter.name, "owner"))
      owner = parameter.value;
    else
      rest.push_back(parameter);
  }
  auto out = api::read_list(rest);
  if (out) out->filter.owner = owner;
  return out;
}

http::Handler list_handler(Jobs& jobs) {
  return [&jobs](const Http& http, const Reply& reply) {
    const auto read = read_filter(*http);
    if (!read) return reply(api::problem(*http, read.error()));
    const auto found = read->none ? Result<std::vector<job::Job>>()
                                  : jobs.list(read->filter, admin_of(*http, reply));
    if (!found) return reply(api::problem(*http, found.error()));
    auto list = ordered_json::array();
    for (const auto& job : *found) list.push_back(job_json(job, http->base_url));
    const bool full = static_cast<std::int64_t>(found->size()) >= read->filter.limit;
    // Where the next page begins: the same conditions, and before=ID.
    reply(api::json_response({{"jobs", std::move(list)},
                              {"before", full ? ordered_json(found->back().id) : ordered_json()}}));
  };
}

http::Handler job_handler(Jobs& jobs) {
  return [&jobs](const Http& http, const Reply& reply) {
    answer(http, reply, jobs.find(http->capture("id"), admin_of(*http, reply)));
  };
}

http::Handler move_handler(JobAdmin& acts) {
  return acting("moved a job", [&acts](const auto& http, const auto&) -> Result<job::Job> {
    const auto body = read_body(http, {"priority", "place"});
    if (!body) return fail(body.error());
    return acts.move(http.capture("id"), {body->text("priority"), body->number("place")});
  });
}

http::Handler remove_handler(Jobs& jobs) {
  return [&jobs](const Http& http, const Reply& reply) {
    const auto& id = http->capture("id");
    if (const auto done = jobs.remove(id, admin_of(*http, reply)); !done)
      return reply(api::problem(*http, done.error()));
    log_act(*http, "removed a job", id);
    http::Response none;
    none.status = 204;
    reply(std::move(none));
  };
}

}  // namespace

std::vector<http::Route> job_routes(Jobs& jobs, JobAdmin& acts) {
  const std::string one = "/api/v1/admin/jobs/{id}";
  return {
      {"/api/v1/admin/jobs", {"GET"}, {http::Need::kAdmin}, list_handler(jobs)},
      {one, {"GET"}, {http::Need::kAdmin}, job_handler(jobs)},
      {one, {"DELETE"}, {http::Need::kAdmin, "admin"}, remove_handler(jobs)},
      {one + "/hold",
       {"POST"},
       {http::Need::kAdmin, "admin"},
       acting("held a job",
              [&acts](const auto& http, const auto&) { return acts.hold(http.capture("id")); })},
      {one + "/release",
       {"POST"},
       {http::Need::kAdmin, "admin"},
       acting("released a job",
              [&acts](const auto& http, const auto&) { return acts.release(http.capture("id")); })},
      {one + "/cancel",
       {"POST"},
       {http::Need::kAdmin, "admin"},
       acting("stopped a job",
              [&jobs](const auto& http, const auto& reply) {
                return jobs.abort(http.capture("id"), admin_of(http, reply));
              })},
      {one + "/move", {"POST"}, {http::Need::kAdmin, "admin"}, move_handler(acts)},
  };
}

}  // namespace recorte::admin
