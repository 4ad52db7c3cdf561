// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/runner.hpp"

#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/batch/crew.hpp"
#include "core/batch/job_tasks.hpp"
#include "core/batch/marks.hpp"
#include "core/batch/order.hpp"
#include "core/batch/results.hpp"
#include "core/batch/task_run.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::batch {
namespace {

constexpr auto kTick = std::chrono::milliseconds(500);
/// How often a task may meet a machine that has no room or no worker before its job gives up.
constexpr int kPatience = 4;
constexpr Micros kPause = 1'000'000;  ///< after the first time; longer each time
constexpr std::size_t kCrew = 2;

/// A job that this server works on.
struct Active {
  job::Job job;
  std::shared_ptr<const Plan> plan;  ///< null until it is planned
  std::deque<job::Task> pending;
  std::int64_t next_number = 0;  ///< of a task that is added
  std::int64_t in_flight = 0;
  int troubles = 0;  ///< since its last task that went well
  Micros not_before = 0;
  bool finishing = false;  ///< every product is made
  bool ending = false;     ///< no further tasks: it is no longer ours, or no longer EXECUTING
  std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace

struct Runner::State {
  State(Options with, job::Store& jobs, schedule::Executor& by, Planner plans)
      : options(std::move(with)), store(jobs), executor(by), planner(std::move(plans)) {
    crew.emplace(kCrew);
    thread = std::thread([this] { run(); });
  }

  void post(std::function<void()> event) {
    {
      const std::lock_guard lock(mutex);
      events.push_back(std::move(event));
    }
    wake.notify_one();
  }

  // Everything below is the thread's own.
  void run();
  void claim();
  void take(job::Job job);
  void planned(const std::string& id, const Result<Expanded>& expanded);
  Status start(Active& active);
  void hand_out();
  void give(Active& active);
  void done(const std::string& id, job::Task task, const Result<TaskDone>& what);
  Status keep(Active& active, const job::Task& task, const TaskDone& what);
  void trouble(Active& active, const job::Task& task, const Error& error);
  void look_at(const std::string& id);
  void look_at_times();
  void complete(Active& active);
  void finish(const std::string& id, const job::Tally& tally, const Status& finished);
  void fail_job(Active& active, const Error& error);
  void forget_ended();
  void renew();
  Active* find(const std::string& id) {
    const auto at = active.find(id);
    return at == active.end() ? nullptr : at->second.get();
  }
  std::filesystem::path directory_of(const Active& a) const {
    return job_directory(options.directory, a.job.id);
  }

  const Options options;
  job::Store& store;
  schedule::Executor& executor;
  const Planner planner;
  std::optional<Crew> crew;

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> events;
  bool stopping = false;

  std::map<std::string, std::unique_ptr<Active>> active;
  std::string last;  ///< that was given a task: the next one in turn comes after it
  std::int64_t in_flight = 0, planning = 0;
  Micros next_claim = 0, next_renewal = 0;
  std::shared_ptr<std::atomic<bool>> leave = std::make_shared<std::atomic<bool>>(false);
  std::thread thread;
};

Runner::Runner(Options options, job::Store& store, schedule::Executor& executor, Planner planner)
    : state_(std::make_unique<State>(std::move(options), store, executor, std::move(planner))) {}

Runner::~Runner() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

void Runner::told(const std::string& id) {
  state_->post([state = state_.get(), id] {
    state->next_claim = 0;
    if (!id.empty()) return state->look_at(id);
    for (const auto& [each, active] : state->active) state->look_at(each);
  });
}

void Runner::State::run() {
  for (bool going = true; going;) {
    std::deque<std::function<void()>> todo;
    {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, kTick, [this] { return stopping || !events.empty(); });
      todo.swap(events);
      if (stopping && !*leave) {
        *leave = true;
        for (auto& [id, each] : active) *each->cancelled = true;
      }
    }
    for (auto& event : todo) event();
    if (*leave) {
      const std::lock_guard lock(mutex);
      going = in_flight > 0 || planning > 0 || !events.empty();
      continue;
    }
    forget_ended();
    look_at_times();
    claim();
    hand_out();
    renew();
  }
  crew.reset();
}

void Runner::State::claim() {
  const auto now = now_micros();
  if (now < next_claim) return;
  next_claim = now + options.lease / 10;
  while (static_cast<std::int64_t>(active.size()) < options.jobs_at_once) {
    std::vector<std::string> held;
    for (const auto& [id, each] : active) held.push_back(id);
    auto job = store.claim(options.server, options.lease, held);
    if (!job) return log::write(log::Level::kError, "jobs wait: " + job.error().message);
    if (!*job) return;
    take(std::move(**job));
  }
}

void Runner::State::take(job::Job job) {
  auto added = std::make_unique<Active>();
  added->job = std::move(job);
  auto& each = *added;
  active[each.job.id] = std::move(added);
  std::error_code error;
  if (std::filesystem::exists(plan_file(directory_of(each)), error)) {
    if (auto good = start(each); !good) fail_job(each, good.error());
    return;
  }
  ++planning;
  planner(each.job, [this, id = each.job.id](Result<Expanded> expanded) {
    post([this, id, expanded = std::move(expanded)] { planned(id, expanded); });
  });
}

void Runner::State::planned(const std::string& id, const Result<Expanded>& expanded) {
  --planning;
  auto* each = find(id);
  if (!each || each->ending || *leave) return;
  if (!expanded) return fail_job(*each, expanded.error());
  if (auto good = start(*each); !good) fail_job(*each, good.error());
}

/// Its tasks, which an earlier start may have made; then it is EXECUTING.
Status Runner::State::start(Active& each) {
  auto plan = Plan::open(plan_file(directory_of(each)));
  if (!plan) return fail(std::move(plan).error());
  each.plan = std::make_shared<const Plan>(std::move(*plan));
  auto tasks = job_tasks(store, each.job, directory_of(each), *each.plan, options.products_per_task,
                         executor.workers());
  if (!tasks) return fail(std::move(tasks).error());
  for (const auto& task : tasks->all) {
    each.next_number = std::max(each.next_number, task.number + 1);
    if (!task.done) each.pending.push_back(task);
  }
  auto changed = mark_started(store, each.job.id, static_cast<std::int64_t>(each.plan->size()),
                              tasks->tried_again, executor.workers());
  if (!changed) {
    each.ending = true;  // it was aborted meanwhile, or cannot be reached: whoever claims it sees
    log::write(log::Level::kInfo, "a job was not started: " + changed.error().message,
               {{"job_id", each.job.id}});
    return {};
  }
  each.job = std::move(*changed);
  return {};
}

/// A task of each job in turn, as long as there are places.
void Runner::State::hand_out() {
  for (bool given = true; given && in_flight < options.tasks_at_once;) {
    given = false;
    auto at = active.upper_bound(last);
    for (std::size_t i = 0; i < active.size() && !given; ++i, ++at) {
      if (at == active.end()) at = active.begin();
      auto& each = *at->second;
      if (each.ending || !each.plan || *each.cancelled) continue;
      if (now_micros() < each.not_before) continue;
      if (each.pending.empty()) {
        if (each.in_flight == 0 && !each.finishing) complete(each);
        continue;
      }
      last = at->first;
      give(each);
      given = true;
    }
  }
}

void Runner::State::give(Active& each) {
  auto task = each.pending.front();
  each.pending.pop_front();
  ++each.in_flight;
  ++in_flight;
  run_task({directory_of(each), each.job.id, each.job.groups, task, each.plan, options.budget,
            each.cancelled, leave},
           executor, *crew, [this, id = each.job.id, task](Result<TaskDone> what) {
             post([this, id, task, what = std::move(what)] { done(id, task, what); });
           });
}

void Runner::State::done(const std::string& id, job::Task task, const Result<TaskDone>& what) {
  --in_flight;
  auto* each = find(id);
  if (!each) return;
  --each->in_flight;
  if (!what) return trouble(*each, task, what.error());
  if (auto kept = keep(*each, task, *what); !kept) return trouble(*each, task, kept.error());
  each->troubles = 0;
}

Status Runner::State::keep(Active& each, const job::Task& task, const TaskDone& what) {
  if (!what.rest.empty()) {
    const auto first = append_order(directory_of(each), what.rest);
    if (!first) return fail(first.error());
    job::Task rest;
    rest.number = each.next_number;
    rest.first = *first;
    rest.count = static_cast<std::int64_t>(what.rest.size());
    RECORTE_TRY(store.add_tasks(each.job.id, {&rest, 1}));
    ++each.next_number;
    each.pending.push_back(rest);
  }
  auto job = store.finish_task(each.job.id, task.number, what.tally);
  if (!job) return fail(std::move(job).error());
  each.job = std::move(*job);
  return {};
}

void Runner::State::trouble(Active& each, const job::Task& task, const Error& error) {
  if (*leave || each.ending || error.code == ErrorCode::kCancelled) return;
  if (error.code == ErrorCode::kNotFound) {  // its record is gone
    each.ending = true;
    return;
  }
  if (error.code != ErrorCode::kUnavailable || ++each.troubles > kPatience)
    return fail_job(each, error);
  each.pending.push_front(task);
  each.not_before = now_micros() + kPause * (std::int64_t{1} << each.troubles) / 2;
  log::write(log::Level::kWarn, "a task waits: " + error.message, {{"job_id", each.job.id}});
}

/// Whether it is still ours to work on.
void Runner::State::look_at(const std::string& id) {
  auto* each = find(id);
  if (!each || each->ending) return;
  const auto job = store.find(id);
  if (!job && job.error().code != ErrorCode::kNotFound) return;
  if (job && (job->phase == job::Phase::kExecuting || job->phase == job::Phase::kQueued) &&
      job->server == options.server) {
    each->job = *job;
    return;
  }
  each->ending = true;
  *each->cancelled = true;
}

void Runner::State::look_at_times() {
  const auto now = now_micros();
  for (const auto& [id, each] : active) {
    if (each->ending || !has_overrun(each->job, now)) continue;
    *each->cancelled = true;
    if (each->in_flight > 0) continue;  // what is made by then is still kept
    const auto changed = mark_overrun(store, each->job);
    if (changed)
      options.ended(*changed);
    else
      log::write(log::Level::kWarn, changed.error().message, {{"job_id", id}});
    each->ending = true;
  }
}

void Runner::State::complete(Active& each) {
  std::vector<std::int64_t> numbers;
  auto tasks = store.tasks(each.job.id);
  if (!tasks) {
    each.not_before = now_micros() + kPause;
    return log::write(log::Level::kWarn, "a job waits: " + tasks.error().message,
                      {{"job_id", each.job.id}});
  }
  for (const auto& task : *tasks)
    if (task.done) numbers.push_back(task.number);
  const auto results = Results::open(directory_of(each), numbers);
  if (!results) return fail_job(each, results.error());
  each.finishing = true;
  ++each.in_flight;
  ++in_flight;
  crew->post([this, job = each.job, results = *results] {
    post([this, id = job.id, tally = results->tally(), finished = options.finish(job, results)] {
      finish(id, tally, finished);
    });
  });
}

void Runner::State::finish(const std::string& id, const job::Tally& tally, const Status& finished) {
  --in_flight;
  auto* each = find(id);
  if (!each) return;
  --each->in_flight;
  if (each->ending || *leave) return;
  if (!finished) return fail_job(*each, finished.error());
  const auto changed = mark_completed(store, id, tally);
  each->ending = true;
  if (!changed)
    return log::write(log::Level::kWarn, "a job was not ended: " + changed.error().message,
                      {{"job_id", id}});
  options.ended(*changed);
}

void Runner::State::fail_job(Active& each, const Error& error) {
  each.ending = true;
  *each.cancelled = true;
  const auto changed = mark_failed(store, each.job.id, error);
  if (!changed)
    return log::write(
        log::Level::kError,
        "a job that failed (" + error.message + ") is not marked: " + changed.error().message,
        {{"job_id", each.job.id}});
  options.ended(*changed);
}

void Runner::State::forget_ended() {
  const auto before = active.size();
  std::erase_if(active, [](const auto& entry) {
    return entry.second->ending && entry.second->in_flight == 0;
  });
  if (active.size() < before) next_claim = 0;
}

void Runner::State::renew() {
  const auto now = now_micros();
  if (active.empty() || now < next_renewal) return;
  next_renewal = now + options.lease / 4;
  if (auto renewed = store.renew(options.server, options.lease); !renewed)
    log::write(log::Level::kWarn, "jobs may be taken over: " + renewed.error().message);
}

}  // namespace recorte::batch
