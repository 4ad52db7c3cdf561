/// Where jobs stand in the queue, and when they are expected to begin and to end: the forecast over
/// all that wait and run, made anew when somebody asks and it is older than a second.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"
#include "core/schedule/forecast.hpp"
#include "core/schedule/policy.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace recorte::service {

struct QueuePlace {
  std::int64_t ahead = 0;     ///< jobs that wait and begin before it; 0 for one that runs
  Micros start = 0, end = 0;  ///< expected; `start` of one that runs is in the past
};

class QueueView {
 public:
  /// What is left of a job, in seconds: of one worker, and besides.
  struct Left {
    double work_s = 0, fixed_s = 0;
  };
  struct Options {
    schedule::PolicyOptions policy;
    double hands = 1;    ///< workers of all servers
    std::string server;  ///< that asks
    std::function<Left(const job::Queued&)> left = [](const job::Queued&) { return Left(); };
    std::chrono::milliseconds fresh{1'000};  ///< a forecast serves for so long
  };
  /// Jobs of one owner that are looked at.
  static constexpr std::int64_t kPerOwner = 200;

  /// The store must outlive it.
  QueueView(Options options, job::Store& store);

  /// Of one that is QUEUED or EXECUTING; none for others, for those far behind in a long line of
  /// their owner's, and where the store cannot be asked.
  /// [any thread] Asks the store once in a while.
  std::optional<QueuePlace> of(const job::Job& job);
  /// Of one that would be added now.
  schedule::Forecast of_new(const schedule::Expected& job);
  /// A job was added, or left it: whoever asks next looks anew.
  void changed();

 private:
  using Clock = std::chrono::steady_clock;
  Status look();

  const Options options_;
  job::Store& store_;
  std::mutex mutex_;
  std::optional<Clock::time_point> looked_;
  Micros seen_ = 0;                                        ///< the time then
  bool stale_ = false;                                     ///< the queue was changed since
  std::vector<schedule::Expected> jobs_;                   ///< in the order of the queue
  std::map<std::string, QueuePlace, std::less<>> places_;  ///< by the job's id
};

}  // namespace recorte::service
