/// Where a task waits its turn: a bounded queue with a lane for those who wait, in front of the
/// pool of workers. Nothing here blocks its caller; the answer comes later, on another thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/task.hpp"
#include "core/store/sink.hpp"
#include "core/worker/pool.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace recorte::schedule {

/// Set by the one who asked, once the answer is of no use any more. May be null.
using Cancelled = std::shared_ptr<const std::atomic<bool>>;

/// What came of a task, and what holds its products.
struct Finished {
  Result<cutout::TaskReport> report;
  /// Null where no worker had the task, or the caller gave the sink.
  std::shared_ptr<const store::Sink> sink;
  std::int64_t queued_us = 0, worked_us = 0;
};

/// `done` is called exactly once. It comes on a thread of the executor's, which serves nobody else
/// meanwhile, with two exceptions: one who is turned away hears so at once, inside the call, and
/// those who still wait when the executor goes hear so from its destructor. It must not throw, and
/// whoever asks holds no lock that it takes.
class Executor {
 public:
  struct Options {
    worker::PoolOptions pool;
    std::size_t waiting = 1'000;          ///< in each lane; past it kUnavailable
    std::filesystem::path spill;          ///< for products that may be large; "": the temporary one
    std::int64_t in_memory = 32LL << 20;  ///< bytes: larger by estimate goes to `spill`
  };
  /// Starts the workers; started() says whether they could be.
  explicit Executor(Options options);
  /// Tells what waits that it is over (kUnavailable), and waits for what runs.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Of the workers, at construction. Tasks are taken all the same, each trying anew.
  const Status& started() const;

  /// Runs a task. `estimated_bytes` decides where the products go: a file in memory, or one without
  /// a name in `spill` where they may be large or the estimate is negative (not known). Real-time
  /// tasks go before batch ones. One that is cancelled when its turn comes costs no worker
  /// (kCancelled). [any thread]
  void run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
           std::function<void(Finished)> done);
  /// The same into the caller's own sink, which stays with the caller.
  void run(cutout::Task task, std::shared_ptr<const Fd> sink, Cancelled cancelled,
           std::function<void(Finished)> done);
  /// Which items are covered (worker/pool.hpp), in the task's lane. [any thread]
  void cover(cutout::Task task, Cancelled cancelled, std::function<void(Result<std::string>)> done);
  /// The worker's questions (worker/pool.hpp), in the real-time lane. [any thread]
  void describe(std::string survey, std::function<void(Result<nlohmann::json>)> done);
  void locate(cutout::Task task, Cancelled cancelled,
              std::function<void(Result<nlohmann::json>)> done);

  // Counters; each costs a load.
  std::size_t waiting() const;     ///< in both lanes
  std::size_t working() const;     ///< being done now
  std::uint64_t finished() const;  ///< had their turn, and were done well or ill
  std::uint64_t refused() const;   ///< turned away: the queue was full, or the executor goes
  std::size_t workers() const;     ///< there are (Pool::alive)
  std::size_t deaths() const;      ///< of workers

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace recorte::schedule
