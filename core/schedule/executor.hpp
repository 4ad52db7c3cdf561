/// The port behind which tasks are executed: by workers of this machine (local_executor.hpp), by a
/// broker's or a batch system's elsewhere. A task is plain data, and goes with where its products
/// go; an answer comes later. Nothing above knows who executes.
///
/// Those above rely on exactly one answer to each call, and on a sink that nobody writes into any
/// more once it came. What an implementation owes for that: what it tells of its own accord, a
/// report or an error, is of a task that has ended, and a task that it runs twice, as one who sends
/// a message until it is acknowledged may do, has one writer at a time. What it may fail at, as
/// messages get lost and machines go: answers may come late, in any order, more than once, or
/// never, tell of other products than are there, and what was given up may still be at work. That
/// is ours to defend against: answers.hpp, in front of any executor, drops what comes twice or late
/// and answers for what does not come; what is in a pack counts, and not what is told of it; and an
/// attempt that was given up writes into a file of no name, as the next one goes on in another
/// (PackWriter::open).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "core/cutout/task.hpp"
#include "core/store/sink.hpp"

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

/// Where products go that the caller keeps.
struct CallerSink {
  std::shared_ptr<const Fd> file;
  /// Gives it a name of its own, for workers on another machine that share the file system; for use
  /// inside run(). The name is gone when the attempt is over: one who begins too late finds
  /// nothing.
  std::function<Result<std::filesystem::path>()> name;
};

/// Nothing here blocks its caller. One who is turned away may hear so at once, inside the call, and
/// those who still wait when the executor goes hear so from its destructor. `done` must not throw,
/// and whoever asks holds no lock that it takes. [any thread]
class Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  /// Runs a task into a sink of the executor's. `estimated_bytes` of its products; negative: not
  /// known. Real-time tasks go before batch ones. kCancelled where it was cancelled, kUnavailable
  /// where the executor, and not the task, is at fault: it may be given again.
  virtual void run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
                   std::function<void(Finished)> done) = 0;
  /// The same into the caller's own sink, which stays with the caller. A task with `log_items` may
  /// end early, by its budget's slice: its report then tells of the first items only, one at least.
  virtual void run(cutout::Task task, CallerSink sink, Cancelled cancelled,
                   std::function<void(Finished)> done) = 0;
  /// For each item a byte, of which cutout/cover.hpp tells, in the task's lane.
  virtual void cover(cutout::Task task, Cancelled cancelled,
                     std::function<void(Result<std::string>)> done) = 0;
  /// What a survey says of itself (docs/reference/describe.md), in the real-time lane.
  virtual void describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) = 0;
  /// For each item the images that answer (cutout/located_json.hpp), in the real-time lane.
  virtual void locate(cutout::Task task, Cancelled cancelled,
                      std::function<void(Result<nlohmann::json>)> done) = 0;

  // Counters; cheap.
  virtual std::size_t waiting() const = 0;     ///< in both lanes
  virtual std::size_t working() const = 0;     ///< being done now
  virtual std::uint64_t finished() const = 0;  ///< had their turn, and were done well or ill
  virtual std::uint64_t refused() const = 0;   ///< turned away
  virtual std::size_t workers() const = 0;     ///< there are
  virtual std::size_t deaths() const = 0;      ///< of workers
};

}  // namespace recorte::schedule
