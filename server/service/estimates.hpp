/// What everybody is told of time and bytes: the estimator, fed with the history at the start, with
/// every job that is completed in one go, and with real-time cutouts, a few of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/batch/crew.hpp"
#include "core/job/job.hpp"
#include "core/job/store.hpp"
#include "core/schedule/estimate.hpp"
#include "core/schedule/history.hpp"
#include "server/service/queue_view.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/work_sum.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>

namespace recorte::service {

/// [any thread]
class Estimates {
 public:
  struct Options {
    double batch_workers = 1;                ///< that jobs have
    Micros keep = 90LL * 86'400'000'000;     ///< runs, in the history; 0: for ever
    Micros between_learnt = 1'000'000;       ///< real-time cutouts
    Micros between_remembered = 10'000'000;  ///< of those that are learnt, in the history
  };
  /// The surveys must outlive it, and the history is its own. Learns what is in the history; where
  /// it cannot be read, the log says so, and estimates begin anew.
  Estimates(Options options, SurveyBook& surveys, std::unique_ptr<schedule::History> history);
  /// Writes what waits.
  ~Estimates();

  /// Gives a sum to add requests to; at once but at the very start (SurveyBook::ask).
  void measure(const std::function<void(WorkSum)>& then);

  schedule::Estimate of(const schedule::Work& work) const;
  /// As Estimator::seconds_alone().
  double seconds_alone(const schedule::Work& work) const;

  /// What is said of a batch that is accepted now, behind others that take `wait_s`.
  job::Prediction predict(const schedule::Work& work, double wait_s) const;
  QueueView::Left left(const job::Queued& job) const;
  /// Of one worker.
  double seconds_per_product(const job::Job& job) const;

  /// Learns from a job that has ended, as far as it tells something. Does not block.
  void learn(const job::Job& job);
  /// From a real-time cutout, now and then. Does not block.
  void learn(const schedule::Work& work, std::int64_t worked_us, std::int64_t bytes,
             const std::string& id);
  /// Waits until all that was learnt before is in the history, or was not written.
  void drain() { crew_.drain(); }

 private:
  void take(schedule::Run run, bool remember);

  const Options options_;
  SurveyBook& surveys_;
  const std::unique_ptr<schedule::History> history_;
  mutable std::shared_mutex mutex_;
  schedule::Estimator estimator_;
  std::atomic<Micros> next_learnt_ = 0, next_remembered_ = 0;
  Micros next_forgotten_ = 0;  ///< the crew's own
  batch::Crew crew_{1};
};

/// Products of a job that some image covers, as far as is known.
std::int64_t inside_of(const job::Job& job);
/// What a job teaches; no kind where it teaches nothing.
schedule::Run run_of(const job::Job& job, double workers);

}  // namespace recorte::service
