/// What makes jobs happen: takes those that are queued, plans them, gives their tasks to the
/// executor a few at a time, by the policy of whose turn it is, and remembers what is done. All of
/// it can end at any instruction: the next one to claim the job goes on from the packs that are
/// there.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/ask.hpp"
#include "core/batch/claiming.hpp"
#include "core/batch/places.hpp"
#include "core/batch/results.hpp"
#include "core/batch/task_run.hpp"
#include "core/cutout/task.hpp"
#include "core/job/store.hpp"
#include "core/schedule/answers.hpp"
#include "core/schedule/executor.hpp"
#include "core/schedule/policy.hpp"
#include "core/schedule/retry.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace recorte::batch {

class Runner {
 public:
  struct Options {
    std::filesystem::path directory;       ///< of results: a directory a job
    std::string server;                    ///< this one's name, which it keeps when it starts anew
    std::int64_t jobs_at_once = 1'000;     ///< of all owners
    std::int64_t jobs_of_one = 16;         ///< owner's that are looked at
    std::int64_t tasks_at_once = 4;        ///< of all jobs, given to the executor
    std::int64_t products_per_task = 256;  ///< at most
    Micros task_time = 2'000'000;          ///< after which others have their turn
    bool draining = false;                 ///< as set_draining() has it, from the first
    Micros lease = 30'000'000;             ///< after which another server takes over
    cutout::Budget budget;                 ///< of one product
    schedule::PolicyOptions policy;
    schedule::RetryPolicy retry;
    schedule::Answers::Options answers;
    /// By the history; 0: not known.
    std::function<double(const job::Job&)> seconds_per_product = [](const auto&) { return 0.0; };
    /// Those of its owner that a job goes on with, whenever it is taken; kForbidden where it is to
    /// wait for an admin.
    std::function<Result<std::vector<std::string>>(const job::Job&)> groups =
        [](const job::Job& job) { return Result<std::vector<std::string>>(job.groups); };
    MayRun may_run = [](const auto&) { return std::numeric_limits<std::int64_t>::max(); };
    /// Bytes that a product's worker is expected to hold; 0: little.
    std::function<std::uint64_t(const job::Job&)> memory = [](const auto&) {
      return std::uint64_t{0};
    };
    /// What is still to be done once every product is made, on a thread of its own; its error is
    /// the job's, but for kUnavailable, after which it is tried again. It ends soon once `stop` is
    /// true.
    std::function<Status(const job::Job&, const std::shared_ptr<const Results>&,
                         const std::atomic<bool>& stop)>
        finish = [](const job::Job&, const auto&, const auto&) { return Status(); };
    /// Hears each job that ended here, but for those that their owner stopped. Must not block.
    std::function<void(const job::Job&)> ended = [](const job::Job&) {};
  };
  /// Writes the plan of a job that has none yet, where plan_file() says. [any thread]
  using Planner = std::function<void(const job::Job&, std::function<void(Result<Expanded>)>)>;

  /// The store and the executor must outlive it.
  Runner(Options options, job::Store& store, schedule::Executor& executor, Planner planner);
  /// Leaves what is under way, for later.
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// [any thread] A job was changed by somebody; "": any may have been.
  void told(const std::string& id);
  /// [any thread] Takes no further jobs, as long as it is so; those that it has begun go on.
  void set_draining(bool draining);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Random bytes of a job's id, which is written in hexadecimal digits: nobody guesses it.
inline constexpr std::size_t kJobIdBytes = 16;

}  // namespace recorte::batch
