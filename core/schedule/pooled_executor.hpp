/// The executor of a machine whose surveys do not trust each other: in front of a local executor
/// for each pool of surveys (core/trust), so that no worker, and no memory that products were in,
/// ever serves two. The public pool's workers are always there; another's come with its first task,
/// and go when nobody has asked for a while, or when yet another needs their place. A survey that
/// appears, moves or changes hands is noticed before its next task, and workers that may read
/// something else by then are replaced once they are free.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/local_executor.hpp"
#include "core/trust/book.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace recorte::schedule {

class PooledExecutor : public Executor {
 public:
  struct Options {
    LocalExecutor::Options local;    ///< of each pool
    std::size_t most_private = 1;    ///< workers of all pools but the public one, together
    std::int64_t idle_ms = 300'000;  ///< after which another pool's go
  };
  /// Starts the public pool's workers; started() says whether they could be.
  PooledExecutor(Options options, std::shared_ptr<trust::Book> book);
  /// As LocalExecutor's.
  ~PooledExecutor() override;

  const Status& started() const;

  /// kInternal where its items are of several pools: whoever makes tasks keeps surveys apart.
  void run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
           std::function<void(Finished)> done) override;
  void run(cutout::Task task, CallerSink sink, Cancelled cancelled,
           std::function<void(Finished)> done) override;
  /// Asks each pool of its own items.
  void cover(cutout::Task task, Cancelled cancelled,
             std::function<void(Result<std::string>)> done) override;
  void describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) override;
  void locate(cutout::Task task, Cancelled cancelled,
              std::function<void(Result<nlohmann::json>)> done) override;

  // Of all pools, those that are gone included.
  std::size_t waiting() const override;
  std::size_t working() const override;
  std::uint64_t finished() const override;
  std::uint64_t refused() const override;
  std::size_t workers() const override;
  std::size_t deaths() const override;

  /// Workers of the public pool that are ready for these: they are there at once when the book says
  /// so too, and end with what is returned where it does not. [any thread]
  Result<worker::Pool::Ready> prepare(const trust::Pools& pools);
  /// What the book says is so for the next task; idle workers of before are gone. [any thread]
  void renew();
  /// What each pool's workers are started with.
  const worker::PoolOptions& workers_as() const { return options_.local.pool; }

  struct PoolState {
    std::string name;
    std::size_t workers = 0, waiting = 0, working = 0;
  };
  /// Those that are there, by name. [any thread]
  std::vector<PoolState> pools() const;

 private:
  struct Lodging {
    std::shared_ptr<LocalExecutor> executor;
    worker::Terms terms;
    std::int64_t until = 0;  ///< on the clock of monotonic_ms()
  };
  /// The executor of a survey's pool; null when this one goes. `stay_ms`: at least so long.
  std::shared_ptr<LocalExecutor> executor_of(std::string_view survey, std::int64_t stay_ms);
  std::shared_ptr<LocalExecutor> executor_of(const cutout::Task& task);
  /// kInternal where the task is of no one pool.
  Status check(const cutout::Task& task) const;
  Lodging open(const std::string& pool) const;
  /// Of workers of a pool that there is.
  static worker::Terms terms_of(const trust::Pools& pools, const std::string& pool) {
    return {pools.pools.at(pool).readable, pools.plugins};
  }
  /// What workers may read, or their plugins, have become something else. `mutex_` is held.
  void apply(const std::shared_ptr<const trust::Pools>& pools);
  std::vector<std::shared_ptr<LocalExecutor>> leave();
  void keep();
  template <class Number>
  Number sum(Number gone, Number (LocalExecutor::*of)() const) const;

  const Options options_;
  const std::shared_ptr<trust::Book> book_;
  const std::shared_ptr<Room> seats_;
  const std::shared_ptr<worker::Places> places_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::shared_ptr<const trust::Pools> applied_;
  std::map<std::string, Lodging, std::less<>> lodgings_;  ///< by pool
  std::vector<worker::Pool::Retired> retired_;            ///< for the keeper to wait for
  bool cold_ = false;                                     ///< the public pool's are to be started
  std::uint64_t finished_ = 0, refused_ = 0;              ///< of pools that are gone
  std::size_t deaths_ = 0;
  Status started_;
  std::thread keeper_;
};

}  // namespace recorte::schedule
