// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/forecast.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <queue>
#include <string_view>
#include <tuple>
#include <utility>

namespace recorte::schedule {
namespace {

/// One owner's jobs in one class, in the order in which they are worked on.
struct Chain {
  double weight = 1;
  std::deque<std::size_t> jobs;
};

/// The owners of a class. Its virtual time is the work per weight that each of them has had since
/// all began; the first job of an owner ends when it reaches the job's mark.
struct Flow {
  using Mark = std::tuple<double, std::size_t, Chain*>;  ///< time, job
  double weight = 1;
  double owners = 0;  ///< their weights, of those who have work left
  double time = 0;
  std::map<std::string_view, Chain> chains;
  std::priority_queue<Mark, std::vector<Mark>, std::greater<>> marks;

  void begin(Chain& chain, std::span<const Expected> jobs) {
    const auto job = chain.jobs.front();
    marks.emplace(time + std::max(0.0, jobs[job].work_s) / chain.weight, job, &chain);
  }
};

using Flows = std::array<Flow, kClassNames.size()>;

void line_up(Flows& flows, std::span<const Expected> jobs, const PolicyOptions& policy) {
  for (std::size_t i = 0; i < flows.size(); ++i)
    flows[i].weight = weight_of(policy, static_cast<Class>(i));
  for (const bool running : {true, false})
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (jobs[i].running != running) continue;
      auto& chain = flows[static_cast<std::size_t>(jobs[i].in)].chains[jobs[i].owner];
      chain.weight = weight_of(policy, jobs[i].owner);
      chain.jobs.push_back(i);
    }
  for (auto& flow : flows)
    for (auto& entry : flow.chains) {
      flow.owners += entry.second.weight;
      flow.begin(entry.second, jobs);
    }
}

void count_ahead(std::vector<Forecast>& out, std::span<const Expected> jobs) {
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    if (!jobs[i].running) waiting.push_back(i);
  std::sort(waiting.begin(), waiting.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(out[a].start_s, jobs[a].in, a) < std::tie(out[b].start_s, jobs[b].in, b);
  });
  for (std::size_t i = 0; i < waiting.size(); ++i) out[waiting[i]].ahead = i;
}

}  // namespace

std::vector<Forecast> forecast(std::span<const Expected> jobs, const PolicyOptions& policy,
                               double hands) {
  hands = std::max(hands, 1.0);
  Flows flows;
  line_up(flows, jobs, policy);
  std::vector<Forecast> out(jobs.size());
  double now = 0;
  for (;;) {
    double weights = 0;
    for (const auto& flow : flows)
      if (!flow.marks.empty()) weights += flow.weight;
    /// How fast a class's virtual time goes.
    const auto pace = [&](const Flow& flow) { return hands * flow.weight / weights / flow.owners; };
    Flow* first = nullptr;
    double step = std::numeric_limits<double>::infinity();
    for (auto& flow : flows) {
      if (flow.marks.empty()) continue;
      const double takes = (std::get<0>(flow.marks.top()) - flow.time) / pace(flow);
      if (takes >= step) continue;
      step = takes;
      first = &flow;
    }
    if (!first) break;
    for (auto& flow : flows)
      if (!flow.marks.empty()) flow.time += step * pace(flow);
    now += step;
    const auto [mark, job, chain] = first->marks.top();
    first->marks.pop();
    first->time = mark;
    out[job].end_s = now + std::max(0.0, jobs[job].fixed_s);
    chain->jobs.pop_front();
    if (chain->jobs.empty()) {
      first->owners -= chain->weight;
    } else {
      if (!jobs[chain->jobs.front()].running) out[chain->jobs.front()].start_s = now;
      first->begin(*chain, jobs);
    }
  }
  count_ahead(out, jobs);
  return out;
}

}  // namespace recorte::schedule
