/// The supervisor: a bounded pool of recorte-worker processes, each doing one task at a time. A
/// worker that crashes, hangs past its task's deadline or exits costs that task, which gets a
/// sentence, and is replaced.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/task.hpp"
#include "core/worker/fence.hpp"
#include "core/worker/messages.hpp"
#include "core/worker/options.hpp"
#include "core/worker/places.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::worker {

/// What workers have that may become something else while their pool lasts.
struct Terms {
  SharedReadable readable;      ///< what they may read; null: whatever their user may
  plugin::SharedInUse plugins;  ///< null: those of WorkerOptions
};

struct PoolOptions {
  std::filesystem::path program;  ///< recorte-worker
  WorkerOptions worker;
  std::size_t workers = 1;  ///< at most so many at once; started when needed, or by warm()
  Terms terms;
  std::shared_ptr<Places> places;  ///< of pools that share them; null: any number
  /// A link to whoever fetches remote files (core/remote/wire.hpp) for one that may read this, or
  /// none. [any thread]
  std::function<Result<Fd>(const Readable&)> fetches = [](const Readable&) { return Fd(); };
  /// How long a worker may take to obey a cancellation before it is killed.
  std::int64_t grace_ms = 2'000;
  /// Hears of each worker that crashed, and in which plugin. [any thread] Must not block.
  std::function<void(const std::string& how)> crashed = [](const std::string&) {};
  /// Hears how each plugin, "tiles 1.2.0", fared in each task: `how` it failed, "" where it was
  /// well. [any thread] Must not block.
  std::function<void(std::string_view plugin, const std::string& how)> fared =
      [](std::string_view, const std::string&) {};
};

class Pool {
 private:
  struct Process;

 public:
  /// A task that a worker has, and that finish() must wait for.
  class Begun {
   public:
    Begun(Begun&&) noexcept;
    Begun& operator=(Begun&&) noexcept;
    ~Begun();

   private:
    friend class Pool;
    Begun();
    std::unique_ptr<Process> process_;
    std::uint64_t call_ = 0;
    std::int64_t wall_ms_ = 0, deadline_ = 0;
    bool moves_ = false;  ///< the deadline, with each item that is done with
    Status sent_;
  };

  explicit Pool(PoolOptions options);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  /// Ends the workers.
  ~Pool();

  /// Starts the workers that are not there yet, so that no task has to wait for one to start. The
  /// error of the first that cannot be started. [any thread]
  Status warm();
  /// Workers that get no task any more, and end with it, which may take a second.
  using Retired = std::shared_ptr<void>;
  /// Workers that are ready for terms to come; they end with it, where renew() has not taken them.
  using Ready = std::shared_ptr<void>;
  /// Starts as many as there may be, and sees each of them answer. The error of the first that does
  /// not. Not for pools that share places. [any thread]
  Result<Ready> prepare(const Terms& terms);
  /// Of workers from now on: those on other terms get no task any more, and those that are ready
  /// for these come into their place. What is returned are the idle ones. [any thread]
  std::vector<Retired> renew(Terms terms);
  /// One that is idle, whose place is the caller's; null where none is. [any thread]
  Retired retire_one();
  /// When a task was last given to a worker, on the clock of monotonic_ms(). [any thread]
  std::int64_t last_used() const { return last_used_.load(); }
  /// Gives a task to a worker that is free now, the one that was last where the task is if it can
  /// be, without waiting for anything; nothing where none is free. [any thread]
  std::optional<Begun> begin(const cutout::Task& task, int sink);
  /// Waits for what begin() began. [any thread]
  Result<cutout::TaskReport> finish(Begun begun, const cutout::Task& task, int sink,
                                    const std::atomic<bool>* cancelled = nullptr);
  /// Runs a task on a free worker, waiting for one. Products go to `sink`, a seekable descriptor.
  /// While it waits, `cancelled` is watched. A task with `log_items` may take its time for each
  /// item, and may end early by its slice; where it dies or hangs, the error names the item that
  /// was at work. [any thread]
  Result<cutout::TaskReport> run(const cutout::Task& task, int sink,
                                 const std::atomic<bool>* cancelled = nullptr);
  /// What a survey says of itself, as JSON (docs/reference/describe.md).
  Result<nlohmann::json> describe(const std::string& survey, std::int64_t wall_ms = 60'000);
  /// For each item: the images that answer (cutout/located_json.hpp), or its error. `cancelled` as
  /// for run().
  Result<nlohmann::json> locate(const cutout::Task& task,
                                const std::atomic<bool>* cancelled = nullptr);
  /// Whether a worker can load a library of the plugin directories, within so many milliseconds.
  Status load(const std::filesystem::path& file, std::int64_t wall_ms);
  /// For each item a byte, of which cutout/cover.hpp tells: 0, no image covers it; 1, some do; 2,
  /// it would fail. `cancelled` as for run().
  Result<std::string> cover(const cutout::Task& task, const std::atomic<bool>* cancelled = nullptr);
  /// Workers lost to crashes and hangs so far.
  std::size_t deaths() const { return deaths_.load(); }
  /// Workers there are, idle or at work. [any thread]
  std::size_t alive() const;

 private:
  Result<std::unique_ptr<Process>> take(std::uint64_t place, const std::atomic<bool>* cancelled);
  /// One that is idle; null where none is. `mutex_` is held, and what has died goes to `dead`.
  std::unique_ptr<Process> idle(std::uint64_t place, std::vector<std::unique_ptr<Process>>& dead);
  void give_back(std::unique_ptr<Process> process);
  Result<std::unique_ptr<Process>> start();
  void bury(std::unique_ptr<Process> process);
  /// Ends one that is well, for which there is no use.
  void end(std::unique_ptr<Process> process);
  /// What a question may take: so long in all, or for each item.
  struct Time {
    std::int64_t wall_ms;
    bool moves = false;
  };
  static Time time_of(const cutout::Task& task) { return {task.budget.wall_ms, task.log_items}; }
  Begun tell(std::unique_ptr<Process> process, Question question, int sink, Time time);
  /// Whether one that took too long stops when it is told to, and is only slow.
  bool obeys(const Process& process, std::uint64_t call) const;
  /// Passes on how the plugin of a stage failed.
  void failed(const std::string& stage, const std::string& how) const;
  /// Passes on how the plugins of a task fared, and the report.
  Result<cutout::TaskReport> pass_on(Result<cutout::TaskReport> report) const;
  /// `task`: whose items an error may name.
  Result<std::string> hear(Begun begun, const std::atomic<bool>* cancelled,
                           const cutout::Task* task);
  Result<std::string> ask(Question question, std::uint64_t place, int sink, Time time,
                          const std::atomic<bool>* cancelled, const cutout::Task* task = nullptr);

  struct Prepared {
    Terms terms;
    std::vector<std::unique_ptr<Process>> workers;
  };

  PoolOptions options_;  ///< `terms` are guarded by `mutex_`
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Process>> idle_;
  std::size_t busy_ = 0;
  std::weak_ptr<Prepared> prepared_;
  std::uint64_t generation_ = 0;  ///< of `terms`
  std::atomic<std::int64_t> last_used_ = 0;
  std::atomic<std::size_t> deaths_ = 0, alive_ = 0;
  std::atomic<std::uint64_t> calls_ = 0;  ///< a worker's answer bears its call's number
};

}  // namespace recorte::worker
