/// One turn of a task of a job, from what an earlier one has left of it to its sealed pack.
/// Whatever becomes of the worker, only the item at hand is lost: it is tried alone, and fails
/// alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/crew.hpp"
#include "core/batch/plan.hpp"
#include "core/cutout/task.hpp"
#include "core/job/job.hpp"
#include "core/schedule/executor.hpp"
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

struct TaskWork {
  std::filesystem::path directory;  ///< of the job
  std::string job;                  ///< its id, for log lines
  std::vector<std::string> groups;  ///< of its owner
  job::Task task;
  std::shared_ptr<const Plan> plan;
  cutout::Budget budget;  ///< of one product, and of one turn
  /// Ends it soon. What is made by then is sealed, but for `leave`: then it stays for a later try.
  std::shared_ptr<std::atomic<bool>> cancelled, leave;
  /// Products of this turn, at most.
  std::size_t most = std::numeric_limits<std::size_t>::max();
  std::uint64_t memory = 0;  ///< that a product's worker is expected to hold; 0: little
  schedule::RetryPolicy retry{};
};

struct TaskDone {
  job::Tally tally;                 ///< of what is sealed
  std::vector<std::uint32_t> rest;  ///< products of it that are still to be made
};

/// `done` hears once, on one of the crew's threads. kUnavailable where there is no worker, no
/// answer or no room on the disk, kCancelled where it was left: either way it can be run again.
/// `executor` answers exactly once (schedule/answers.hpp).
void run_task(TaskWork work, schedule::Executor& executor, Crew& crew,
              std::function<void(Result<TaskDone>)> done);

}  // namespace recorte::batch
