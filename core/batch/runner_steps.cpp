// SPDX-License-Identifier: BSD-3-Clause
//
// What becomes of a job that is at work: its plan, its end; and what it means for it when something
// fails.
#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/job_tasks.hpp"
#include "core/batch/marks.hpp"
#include "core/batch/order.hpp"
#include "core/batch/results.hpp"
#include "core/batch/runner_state.hpp"
#include "core/batch/turn.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

/// Numbers of products that no pack has.
std::vector<std::uint32_t> missing(const Results& results) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < results.plan().size(); ++i)
    if (!results.product(i)) out.push_back(i);
  return out;
}

}  // namespace

void Runner::State::advance(Active& each) {
  switch (each.step) {
    case Step::kPlan: return plan(each);
    case Step::kStart: return start(each);
    case Step::kFinish: return finish(each);
    case Step::kMark: return mark(each);
    case Step::kPlanning:
    case Step::kFinishing: return;
    case Step::kTasks:
      if (record(each) && each.pending.empty() && each.in_flight == 0) each.step = Step::kFinish;
  }
}

void Runner::State::plan(Active& each) {
  std::error_code error;
  if (std::filesystem::exists(plan_file(directory_of(each)), error)) {
    each.step = Step::kStart;
    return start(each);
  }
  each.step = Step::kPlanning;
  ++planning;
  planner(each.job, [this, id = each.job.id](Result<Expanded> expanded) {
    post([this, id, expanded = std::move(expanded)] { planned(id, expanded); });
  });
}

void Runner::State::planned(const std::string& id, const Result<Expanded>& expanded) {
  --planning;
  auto* each = find(id);
  if (!each) return;
  each->step = expanded ? Step::kStart : Step::kPlan;
  if (each->ending || *leave) return;
  if (!expanded) {
    trouble(*each, expanded.error());
    return;
  }
  each->job.positions = expanded->positions;
}

/// Its tasks, which an earlier start may have made; then it is EXECUTING.
void Runner::State::start(Active& each) {
  auto plan = Plan::open(plan_file(directory_of(each)));
  if (!plan) return fail_job(each, plan.error());
  each.plan = std::make_shared<const Plan>(std::move(*plan));
  auto tasks = job_tasks(
      store, each.job, directory_of(each), *each.plan,
      products_of_turn(seconds_per_product(each), options.task_time, options.products_per_task),
      executor.workers());
  if (!tasks) {
    trouble(each, tasks.error());
    return;
  }
  auto changed = mark_started(store, each.job, each.job.positions,
                              static_cast<std::int64_t>(each.plan->size()));
  if (!changed) return store_trouble(each, changed.error());
  each.pending.clear();
  for (const auto& task : *tasks) {
    each.next_number = std::max(each.next_number, task.number + 1);
    if (!task.done) each.pending.push_back(task);
  }
  each.job = std::move(*changed);
  each.step = Step::kTasks;
}

/// Every task is done: whether every product is there, and then what is to be done with them.
void Runner::State::finish(Active& each) {
  auto tasks = store.tasks(each.job.id);
  if (!tasks) return store_trouble(each, tasks.error());
  std::vector<std::int64_t> numbers;
  for (const auto& task : *tasks)
    if (task.done) numbers.push_back(task.number);
  const auto results = Results::open(directory_of(each), numbers);
  if (!results) {
    trouble(each, results.error());
    return;
  }
  if (const auto gone = missing(**results); !gone.empty()) {
    if (std::exchange(each.mended, true))
      return fail_job(each, {ErrorCode::kData, std::to_string(gone.size()) +
                                                   " products are not on disk though they were "
                                                   "made; run the job again"});
    if (auto added = add_task(each, gone); !added) trouble(each, added.error());
    return;
  }
  each.made = (*results)->tally();
  each.step = Step::kFinishing;
  ++each.in_flight;
  ++delivering;
  finishing->post([this, job = each.job, results = *results] {
    post([this, id = job.id, status = options.finish(job, results, *leave)] {
      finished(id, status);
    });
  });
}

Status Runner::State::add_task(Active& each, std::span<const std::uint32_t> products) {
  const auto first = append_order(directory_of(each), products);
  if (!first) return fail(first.error());
  job::Task task;
  task.number = each.next_number;
  task.first = *first;
  task.count = static_cast<std::int64_t>(products.size());
  RECORTE_TRY(store.add_tasks(each.job.id, {&task, 1}));
  ++each.next_number;
  each.pending.push_back(task);
  each.step = Step::kTasks;
  return {};
}

void Runner::State::finished(const std::string& id, const Status& status) {
  --delivering;
  auto* each = find(id);
  if (!each) return;
  --each->in_flight;
  if (each->ending || *leave) return;
  each->step = status ? Step::kMark : Step::kFinish;
  if (status) return mark(*each);
  trouble(*each, status.error());
}

void Runner::State::mark(Active& each) {
  const auto changed = mark_completed(store, each.job, each.made);
  if (!changed) return store_trouble(each, changed.error());
  each.ending = true;
  options.ended(*changed);
}

void Runner::State::store_trouble(Active& each, const Error& error) {
  log::write(log::Level::kWarn, "a job waits: " + error.message, {{"job_id", each.job.id}});
  const auto code = error.code;
  if (schedule::passes(error))
    each.not_before = steady_micros() + options.retry.first;
  else if (code == ErrorCode::kNotFound || code == ErrorCode::kForbidden ||
           code == ErrorCode::kUsage)
    let_go(each);  // somebody ended or holds it
  else
    fail_job(each, error);  // it would be the same again
}

bool Runner::State::trouble(Active& each, const Error& error) {
  const auto now = steady_micros();
  // All that were under way meet the same trouble.
  if (schedule::passes(error) && now < each.not_before) return true;
  const auto pause = schedule::retry_after(options.retry, error, ++each.troubles);
  if (!pause) {
    fail_job(each, error);
    return false;
  }
  each.not_before = now + *pause;
  log::write(log::Level::kWarn, "a job waits: " + error.message, {{"job_id", each.job.id}});
  return true;
}

void Runner::State::fail_job(Active& each, const Error& error) {
  let_go(each);
  auto said = error;
  if (schedule::passes(error))
    said.message += "; run the job again once that is mended, for what is missing";
  const auto changed = mark_failed(store, each.job, said);
  if (changed) return options.ended(*changed);
  log::write(log::Level::kError,
             "a job that failed (" + error.message + ") is not marked: " + changed.error().message,
             {{"job_id", each.job.id}});
}

}  // namespace recorte::batch
