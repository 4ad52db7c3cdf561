/// The executor whose workers are processes of this machine: a bounded queue with a lane for those
/// who wait, in front of a pool of workers. It answers each call exactly once, and a worker that
/// has not answered is killed before the executor does.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/executor.hpp"
#include "core/schedule/room.hpp"
#include "core/worker/pool.hpp"

#include <memory>
#include <vector>

namespace recorte::schedule {

class LocalExecutor : public Executor {
 public:
  struct Options {
    worker::PoolOptions pool;
    std::size_t waiting = 1'000;          ///< in each lane; past it kUnavailable
    std::filesystem::path spill;          ///< for products that may be large; "": the temporary one
    std::int64_t in_memory = 32LL << 20;  ///< bytes: larger by estimate goes to `spill`
    std::shared_ptr<Room> room;           ///< for the tasks' memory; null: any
    /// For the calls that are at work, one each, of executors that share worker::Places; null: any.
    std::shared_ptr<Room> seats;
    bool warm = true;  ///< workers start before their first task
  };
  /// Starts the workers, where they are to be warm; started() says whether they could be.
  explicit LocalExecutor(Options options);
  /// Tells what waits that it is over (kUnavailable), and waits for what runs.
  ~LocalExecutor() override;

  /// Starts the workers that are not there. [any thread]
  Status warm();
  // As Pool's. [any thread]
  Result<worker::Pool::Ready> prepare(const worker::Terms& terms);
  std::vector<worker::Pool::Retired> renew(worker::Terms terms);

  /// Of the workers, at construction. Tasks are taken all the same, each trying anew.
  const Status& started() const;

  /// Products go into a file in memory, or one without a name in `spill` where they may be large or
  /// the estimate is negative. One that is cancelled when its turn comes costs no worker.
  void run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
           std::function<void(Finished)> done) override;
  void run(cutout::Task task, CallerSink sink, Cancelled cancelled,
           std::function<void(Finished)> done) override;
  void cover(cutout::Task task, Cancelled cancelled,
             std::function<void(Result<std::string>)> done) override;
  void describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) override;
  void locate(cutout::Task task, Cancelled cancelled,
              std::function<void(Result<nlohmann::json>)> done) override;

  std::size_t waiting() const override;
  std::size_t working() const override;
  std::uint64_t finished() const override;
  std::uint64_t refused() const override;
  std::size_t workers() const override;
  std::size_t deaths() const override;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace recorte::schedule
