// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_planner.hpp"

#include "core/base/io.hpp"
#include "core/batch/runner.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace recorte::service {
namespace {

/// Products that a worker is asked about at once.
constexpr std::size_t kAskedAtOnce = 2'000;
constexpr std::size_t kRowsSaid = 1'000;

Status check_surveys(const batch::Ask& ask, const OpenFor& open_for) {
  for (const auto* values : {&ask.variants, &ask.regions})
    for (const auto& each : *values)
      for (const auto& [name, value] : each)
        if (name == "survey") RECORTE_TRY(open_for(value));
  return {};
}

}  // namespace

Asker owner_of(const job::Job& job) { return {{job.owner, job.groups, ""}, job.id, nullptr}; }

JobPlanner::JobPlanner(std::filesystem::path results, batch::Bounds bounds, Readers readers,
                       schedule::Executor& executor, cutout::Budget budget, OpenFor open_for)
    : results_(std::move(results)),
      bounds_(bounds),
      readers_(std::move(readers)),
      executor_(executor),
      budget_(budget),
      open_for_(std::move(open_for)) {}

std::filesystem::path JobPlanner::directory_of(const job::Job& job) const {
  return batch::job_directory(results_, job.id);
}

void JobPlanner::check(const job::Job& job, const Asker& asker, std::function<void(Status)> done) {
  reader(job.face)(job.parameters, !job.list.empty(), false, asker,
                   [this, done = std::move(done)](Result<batch::Ask> ask) {
                     if (!ask) return done(fail(std::move(ask).error()));
                     auto open = check_surveys(*ask, open_for_);
                     done(open ? batch::check(*ask, bounds_) : std::move(open));
                   });
}

void JobPlanner::count(const job::Job& job, const Asker& asker,
                       std::function<void(Result<batch::Expanded>)> done) {
  reader(job.face)(job.parameters, false, true, asker,
                   [done = std::move(done)](const Result<batch::Ask>& ask) {
                     if (!ask) return done(fail(ask.error()));
                     const auto positions = static_cast<std::int64_t>(ask->regions.size());
                     const auto variants = static_cast<std::int64_t>(ask->variants.size());
                     done(batch::Expanded{positions, positions * variants});
                   });
}

void JobPlanner::plan(const job::Job& job, const Asker& asker,
                      std::function<void(Result<batch::Expanded>)> done) {
  const auto directory = directory_of(job);
  const auto expand = [directory, list = job.list,
                       bounds = bounds_](const batch::Ask& ask) -> Result<batch::Expanded> {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
      return fail(ErrorCode::kUnavailable,
                  "cannot make the directory " + directory.string() + ": " + error.message());
    if (list.empty()) return batch::expand(ask, bounds, batch::plan_file(directory));
    const auto bytes = read_file(batch::list_file(directory), batch::kListBytes);
    if (!bytes) return fail(bytes.error());
    return batch::expand(ask, *bytes, list, bounds, batch::plan_file(directory));
  };
  reader(job.face)(job.parameters, !job.list.empty(), true, asker,
                   [this, expand, done = std::move(done)](Result<batch::Ask> ask) {
                     if (!ask) return done(fail(std::move(ask).error()));
                     crew_.post([expand, done, ask = std::move(*ask)] { done(expand(ask)); });
                   });
}

struct JobPlanner::Search {
  batch::Plan plan;
  cutout::Task task;
  Asker asker;
  std::function<void(Result<Outside>)> done;
  std::size_t asked = 0;
  Outside outside{};
};

void JobPlanner::look_outside(const job::Job& job, const Asker& asker,
                              std::function<void(Result<Outside>)> done) {
  auto plan = batch::Plan::open(batch::plan_file(directory_of(job)));
  if (!plan) return done(fail(std::move(plan).error()));
  cutout::Task task;
  task.id = job.id;
  task.groups = asker.principal.groups;
  task.lane = cutout::Lane::kRealTime;
  task.budget = budget_;
  next(std::make_shared<Search>(
      Search{std::move(*plan), std::move(task), asker, std::move(done), 0, {}}));
}

void JobPlanner::stop() {
  stopping_ = true;
  crew_.drain();
}

void JobPlanner::next(std::shared_ptr<Search> search) {
  if (stopping_)
    return search->done(fail(ErrorCode::kUnavailable, "the service is stopping; try again soon"));
  const auto begin = search->asked;
  const auto end = std::min(search->plan.size(), begin + kAskedAtOnce);
  if (begin == end) return search->done(std::move(search->outside));
  search->task.items.clear();
  for (auto i = begin; i < end; ++i) {
    auto request = search->plan.request(i);
    if (!request) return search->done(fail(std::move(request).error()));
    if (auto open = open_for_(request->survey); !open)
      return search->done(fail(std::move(open).error()));
    search->task.items.push_back({i, std::move(*request), {}});
  }
  search->asked = end;
  executor_.cover(
      search->task, search->asker.gone, [this, search, begin](Result<std::string> covered) {
        if (!covered) return search->done(fail(std::move(covered).error()));
        auto& [products, rows] = search->outside;
        for (std::size_t i = 0; i < covered->size(); ++i) {
          if ((*covered)[i] != 0) continue;
          ++products;
          const auto row = static_cast<std::int64_t>(search->plan.product(begin + i).row);
          if (rows.size() < kRowsSaid && (rows.empty() || rows.back() != row)) rows.push_back(row);
        }
        crew_.post([this, search] { next(search); });
      });
}

}  // namespace recorte::service
