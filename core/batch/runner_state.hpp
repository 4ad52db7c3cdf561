/// The runner's own: jobs at work, step by step, on one thread. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/batch/crew.hpp"
#include "core/batch/places.hpp"
#include "core/batch/runner.hpp"
#include "core/batch/task_run.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::batch {

/// What is next for a job.
enum class Step {
  kPlan,
  kPlanning,  ///< the planner has been asked
  kStart,     ///< its tasks, and EXECUTING
  kTasks,
  kFinish,     ///< every task is done
  kFinishing,  ///< on the thread that delivers
  kMark,       ///< COMPLETED
};

/// A job that this server works on.
struct Active {
  job::Job job;
  schedule::Class in = schedule::Class::kNormal;
  Micros since = 0;  ///< its owner had a turn in the class, or came
  Step step = Step::kPlan;
  std::shared_ptr<const Plan> plan;
  std::deque<job::Task> pending;
  std::deque<std::pair<job::Task, TaskDone>> unrecorded;  ///< done, and the store does not know
  std::int64_t next_number = 0;                           ///< of a task that is added
  std::int64_t in_flight = 0;
  int troubles = 0;       ///< since something went well
  Micros not_before = 0;  ///< of the next step
  job::Tally made;        ///< of all packs, once every task is done
  bool mended = false;    ///< tasks were added for packs that are gone
  bool overrun = false;   ///< it has had its time
  bool ending = false;    ///< no further steps: it has ended, or is no longer ours
  std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
};

/// Work that an owner has been charged with for a task, before anybody knows what it takes.
struct Charge {
  std::string owner;
  schedule::Class in = schedule::Class::kNormal;
  double work_us = 0;
};

struct Runner::State {
  State(Options with, job::Store& jobs, schedule::Executor& by, Planner plans);
  /// [any thread]
  void post(std::function<void()> event);

  // Everything below is the thread's own. `now` and its times are steady; those of jobs, and of
  // `claims`, which goes by how long they wait, are the day's.
  void run();
  Micros until_next_look() const;
  /// There may be something to claim, or room for it.
  void claim_soon();
  void claim();
  void take(job::Job job, Micros now);
  void add(job::Job job, Micros now);
  void recall(const std::vector<job::Queued>& queue);
  bool is_busy() const;
  void hand_out();
  static bool waits_for_turn(Active& active, Micros now);
  void settle(Active& active);
  void advance(Active& active);
  void plan(Active& active);
  void planned(const std::string& id, const Result<Expanded>& expanded);
  void start(Active& active);
  double seconds_per_product(const Active& active) const;
  void give(Active& active, Micros now);
  void charge(const Charge& to, double work_us);
  void done(const std::string& id, job::Task task, const Charge& charged, Result<TaskDone> what);
  bool record(Active& active);
  Status keep(Active& active, const job::Task& task, const TaskDone& what);
  Status add_task(Active& active, std::span<const std::uint32_t> products);
  void finish(Active& active);
  void finished(const std::string& id, const Status& status);
  void mark(Active& active);
  void look_at(const std::string& id);
  void look_at_times();
  void forget_ended();
  void renew();

  // What can go wrong.
  /// Of the store: as long as it is away, everything waits. Of other errors, see trouble().
  void store_trouble(Active& active, const Error& error);
  /// One that passes is tried again after a while, longer each time; others, or too many, end the
  /// job. Whether it is tried again.
  bool trouble(Active& active, const Error& error);
  void fail_job(Active& active, const Error& error);
  void let_go(Active& active);

  Active* find(const std::string& id);
  std::filesystem::path directory_of(const Active& a) const {
    return job_directory(options.directory, a.job.id);
  }

  const Options options;
  job::Store& store;
  schedule::Answers executor;
  const Planner planner;
  std::optional<Crew> crew;       ///< opens, hashes and seals packs
  std::optional<Crew> finishing;  ///< what is to be done with all products of a job

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> events;
  bool stopping = false;

  std::map<std::string, std::unique_ptr<Active>> active;
  schedule::FairShare share;    ///< of tasks
  schedule::FairShare claims;   ///< of places for jobs, by the same work
  std::set<std::string> known;  ///< owners whose work from before is counted
  std::int64_t in_flight = 0, planning = 0, delivering = 0;
  std::atomic<bool> draining;
  Micros next_claim = 0, last_claim = 0, next_renewal = 0;
  std::shared_ptr<std::atomic<bool>> leave = std::make_shared<std::atomic<bool>>(false);
  std::thread thread;
};

}  // namespace recorte::batch
