// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_planner.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/batch/runner.hpp"
#include "server/service/ask_work.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace recorte::service {
namespace {

/// Products that a worker is asked about at once.
constexpr std::size_t kAskedAtOnce = 2'000;
constexpr std::size_t kRowsSaid = 1'000;
/// Of a list that is only measured.
constexpr std::size_t kLookedAt = 4'000;
constexpr std::size_t kNameBytes = 8;

using Measured = JobPlanner::Measured;

Result<Measured> measured(const batch::Ask& ask, std::optional<std::int64_t> positions,
                          const batch::Bounds& bounds, WorkSum sum) {
  RECORTE_TRY(complete(ask, positions));
  Measured out;
  out.positions =
      positions.value_or(std::max<std::int64_t>(1, static_cast<std::int64_t>(ask.regions.size())));
  out.work = work_of(ask, positions, std::move(sum));
  const auto past = [&](std::int64_t count, std::int64_t most, const char* what) {
    if (count > most)
      out.limits.push_back(std::to_string(count) + " " + what + "; a job may have " +
                           std::to_string(most));
  };
  past(out.positions, bounds.positions, "positions (jobs.positions)");
  past(out.work.products, bounds.products, "products (jobs.products)");
  return out;
}

/// Its plan is made as it would be, and looked at here and there.
Result<Measured> measured_list(const batch::Ask& ask, const std::string& list,
                               const std::string& name, const batch::Bounds& bounds,
                               const std::filesystem::path& results, WorkSum sum) {
  const auto file = results / (std::string(batch::kScratch) + random_hex(kNameBytes));
  const auto made = [&]() -> Result<Measured> {
    const auto expanded = batch::expand(ask, list, name, bounds, file);
    if (!expanded) return fail(expanded.error());
    const auto plan = batch::Plan::open(file);
    if (!plan) return fail(plan.error());
    const auto step = std::max<std::size_t>(1, plan->size() / kLookedAt);
    for (std::size_t i = 0; i < plan->size(); i += step) {
      const auto request = plan->request(i);
      if (!request) return fail(request.error());
      sum.add(*request);
    }
    return Measured{expanded->positions, sum.work(expanded->products), {}};
  }();
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  return made;
}

template <class Check>
Status check_surveys(const batch::Ask& ask, const Check& check) {
  for (const auto* values : {&ask.variants, &ask.regions})
    for (const auto& each : *values) {
      std::string survey, release;
      for (const auto& [name, value] : each) {
        if (name == "survey") survey = value;
        if (name == "release") release = value;
      }
      if (!survey.empty()) RECORTE_TRY(check(survey, release));
    }
  return {};
}

}  // namespace

Asker owner_of(const job::Job& job) {
  Asker out;
  out.principal.user = job.owner;
  out.principal.groups = job.groups;
  out.principal.service = job.service;
  out.request_id = job.id;
  return out;
}

JobPlanner::JobPlanner(std::filesystem::path results, batch::Bounds bounds, Readers readers,
                       schedule::Executor& executor, Estimates& estimates, cutout::Budget budget,
                       OpenFor open_for, MaySee may_see)
    : results_(std::move(results)),
      bounds_(bounds),
      readers_(std::move(readers)),
      executor_(executor),
      estimates_(estimates),
      budget_(budget),
      open_for_(std::move(open_for)),
      may_see_(std::move(may_see)) {}

Status JobPlanner::may_use(const std::string& survey, std::string_view release,
                           const Asker& asker) const {
  RECORTE_TRY(open_for_(survey));
  return may_see(survey, release, asker);
}

Status JobPlanner::may_see(const std::string& survey, std::string_view release,
                           const Asker& asker) const {
  return may_see_ ? may_see_(survey, release, asker.principal) : Status();
}

void JobPlanner::may_use_planned(const job::Job& job, const Asker& asker,
                                 std::function<void(Status)> done) {
  const auto look = [this, file = batch::plan_file(directory_of(job)), asker]() -> Status {
    const auto plan = batch::Plan::open(file);
    if (!plan) return {};
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < plan->size(); ++i) {
      const auto request = plan->request(i);
      if (!request) return fail(request.error());
      if (seen.emplace(request->survey, request->release).second)
        RECORTE_TRY(may_use(request->survey, request->release, asker));
    }
    return {};
  };
  crew_.post([look, done = std::move(done)] { done(look()); });
}

std::filesystem::path JobPlanner::directory_of(const job::Job& job) const {
  return batch::job_directory(results_, job.id);
}

void JobPlanner::read(const job::Job& job, const Asker& asker,
                      std::function<void(Result<batch::Ask>)> done) {
  const auto& reader = this->reader(job.face);
  reader(job.parameters, !job.list.empty(), false, asker,
         [this, &reader, parameters = job.parameters, has_list = !job.list.empty(), asker,
          done = std::move(done)](Result<batch::Ask> ask) {
           if (!ask) return done(std::move(ask));
           const auto may = [this, asker](const auto& survey, const auto& release) {
             return may_use(survey, release, asker);
           };
           auto good = check_surveys(*ask, may);
           if (good) good = batch::check(*ask, bounds_);
           if (!good) return done(fail(std::move(good).error()));
           // What is missing, or what no ID names, is said when the job runs.
           reader(parameters, has_list, true, asker,
                  [may, done, part = std::move(*ask)](Result<batch::Ask> whole) {
                    if (!whole) return done(part);
                    const auto good = check_surveys(*whole, may);
                    done(good ? std::move(whole) : fail(good.error()));
                  });
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

void JobPlanner::measure(const job::Job& job, std::string list,
                         std::optional<std::int64_t> positions, const Asker& asker,
                         std::function<void(Result<Measured>)> done) {
  const auto work = [this, list = std::move(list), name = job.list, positions, done](
                        const batch::Ask& ask, WorkSum sum) {
    if (name.empty()) return done(measured(ask, positions, bounds_, std::move(sum)));
    crew_.post([this, list, name, ask, done, sum = std::move(sum)]() mutable {
      done(measured_list(ask, list, name, bounds_, results_, std::move(sum)));
    });
  };
  reader(job.face)(job.parameters, !job.list.empty(), !positions, asker,
                   [this, work, asker, done](Result<batch::Ask> ask) {
                     if (!ask) return done(fail(std::move(ask).error()));
                     auto may = check_surveys(*ask, [&](const auto& survey, const auto& release) {
                       return may_see(survey, release, asker);
                     });
                     if (!may) return done(fail(std::move(may).error()));
                     estimates_.measure(
                         [work, ask = std::move(*ask)](WorkSum sum) { work(ask, std::move(sum)); });
                   });
}

struct JobPlanner::Search {
  batch::Plan plan;
  cutout::Task task;
  Asker asker;
  std::function<void(Result<Outside>)> done;
  std::size_t asked = 0;
  Outside outside{};
  std::optional<WorkSum> inside{};
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
  auto search = std::make_shared<Search>(
      Search{std::move(*plan), std::move(task), asker, std::move(done), 0, {}, {}});
  estimates_.measure([this, search](WorkSum sum) {
    search->inside = std::move(sum);
    next(search);
  });
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
  if (begin == end) {
    search->outside.inside = search->inside->work();
    return search->done(std::move(search->outside));
  }
  search->task.items.clear();
  for (auto i = begin; i < end; ++i) {
    auto request = search->plan.request(i);
    if (!request) return search->done(fail(std::move(request).error()));
    if (auto may = may_use(request->survey, request->release, search->asker); !may)
      return search->done(fail(std::move(may).error()));
    search->task.items.push_back({i, std::move(*request), {}});
  }
  search->asked = end;
  executor_.cover(
      search->task, search->asker.gone, [this, search, begin](Result<std::string> covered) {
        if (!covered) return search->done(fail(std::move(covered).error()));
        auto& products = search->outside.products;
        auto& rows = search->outside.rows;
        for (std::size_t i = 0; i < covered->size(); ++i) {
          if ((*covered)[i] != 0) {
            search->inside->add(search->task.items.at(i).request);
            continue;
          }
          ++products;
          const auto row = static_cast<std::int64_t>(search->plan.product(begin + i).row);
          if (rows.size() < kRowsSaid && (rows.empty() || rows.back() != row)) rows.push_back(row);
        }
        crew_.post([this, search] { next(search); });
      });
}

}  // namespace recorte::service
