// SPDX-License-Identifier: BSD-3-Clause
//
// The queue as the policy sees it: who runs, then who waits, in the order in which they are
// expected to begin.
#include "core/base/time.hpp"
#include "server/admin/handlers.hpp"
#include "server/admin/reading.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace recorte::admin {
namespace {

using nlohmann::ordered_json;

struct InQueue {
  job::Job job;
  std::optional<service::QueuePlace> place;  ///< none: it left the queue as it was looked at
};

auto turn(const InQueue& each) {
  constexpr Micros never = std::numeric_limits<Micros>::max();
  return std::tuple(each.job.phase != job::Phase::kExecuting,
                    each.place ? each.place->start : never, each.job.created);
}

ordered_json time_json(Micros time) {
  return time > 0 ? ordered_json(iso_time(time)) : ordered_json();
}

ordered_json entry_json(const InQueue& each, const schedule::PolicyOptions& policy) {
  const auto& [job, place] = each;
  const auto in = class_of(policy, job.owner, job.groups, job.service, job.priority);
  return {{"id", job.id},
          {"owner", job.owner},
          {"service", job.service},
          {"class", schedule::kClassNames[static_cast<std::size_t>(in)]},
          {"phase", job::name_of(job.phase)},
          {"place", job.place},
          {"server", job.server},
          {"created", time_json(job.created)},
          {"queued", time_json(job.queued)},
          {"products", job.products},
          {"done", job.tally.products()},
          {"ahead", place ? ordered_json(place->ahead) : ordered_json()},
          {"start", place ? time_json(place->start) : ordered_json()},
          {"end", place ? time_json(place->end) : ordered_json()}};
}

}  // namespace

http::Handler queue_handler(service::Jobs& jobs, schedule::PolicyOptions policy) {
  return [&jobs, policy = std::move(policy)](const std::shared_ptr<const http::Request>& http,
                                             const http::Reply& reply) {
    job::Filter filter;
    filter.phases = {job::Phase::kQueued, job::Phase::kExecuting};
    filter.limit = service::kLongestList;
    auto found = jobs.list(filter, admin_of(*http, reply));
    if (!found) return reply(api::problem(*http, found.error()));
    std::vector<InQueue> queue;
    for (auto& job : *found) {
      auto place = jobs.queue_place(job);
      queue.push_back({std::move(job), std::move(place)});
    }
    std::ranges::sort(queue, {}, turn);
    auto list = ordered_json::array();
    for (const auto& each : queue) list.push_back(entry_json(each, policy));
    reply(api::json_response({{"queue", std::move(list)}}));
  };
}

}  // namespace recorte::admin
