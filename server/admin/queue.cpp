// SPDX-License-Identifier: BSD-3-Clause
#include "server/admin/queue.hpp"

#include "core/base/time.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

namespace recorte::admin {
namespace {

using nlohmann::ordered_json;

constexpr double kSecond = 1e6;

std::string_view name_of(schedule::Class in) {
  return schedule::kClassNames[static_cast<std::size_t>(in)];
}

ordered_json time_in(Micros now, double seconds) {
  return iso_time(now + static_cast<Micros>(seconds * kSecond));
}

}  // namespace

Result<ordered_json> queue_json(const QueueView& view) {
  const auto jobs = view.store.queue(view.server, kMostOfOne);
  if (!jobs) return fail(jobs.error());
  std::vector<schedule::Expected> expected;
  for (const auto& job : *jobs) {
    const auto left = view.left(job);
    expected.push_back({job.owner,
                        class_of(view.policy, job.owner, job.groups, job.service, job.priority),
                        job.phase == job::Phase::kExecuting, left.work_s, left.fixed_s});
  }
  const auto foreseen = schedule::forecast(expected, view.policy, std::max(1.0, view.workers));
  std::vector<std::size_t> order(jobs->size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto turn = [&](std::size_t i) {
    return std::tuple(!expected[i].running, foreseen[i].start_s, foreseen[i].ahead, i);
  };
  std::ranges::sort(order, [&](auto a, auto b) { return turn(a) < turn(b); });

  const auto now = now_micros();
  auto out = ordered_json::array();
  for (const auto i : order) {
    const auto& job = (*jobs)[i];
    out.push_back(
        {{"id", job.id},
         {"owner", job.owner},
         {"service", job.service},
         {"class", name_of(expected[i].in)},
         {"phase", job::name_of(job.phase)},
         {"place", job.place},
         {"server", job.server},
         {"created", iso_time(job.created)},
         {"queued", job.queued > 0 ? ordered_json(iso_time(job.queued)) : ordered_json()},
         {"products", job.products},
         {"done", job.done},
         {"ahead", foreseen[i].ahead},
         {"start", expected[i].running ? ordered_json() : time_in(now, foreseen[i].start_s)},
         {"end", time_in(now, foreseen[i].end_s)}});
  }
  return out;
}

}  // namespace recorte::admin
