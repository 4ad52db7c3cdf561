/// Exactly one answer to each call, whatever the executor behind does: what comes a second time, or
/// after everybody has given up, is dropped; what does not come in time is kUnavailable; so is a
/// report that does not fit its task. What was given up may still be at work on the caller's sink.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/schedule/executor.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace recorte::schedule {

/// Microseconds that a worker may be at a task, by its budget, the slice of it, and its items.
Micros longest_us(const cutout::Task& task);

class Answers : public Executor {
 public:
  struct Options {
    /// For an answer besides what the task may take: until its turn comes, and for the way.
    Micros grace = 600'000'000;
    Micros obey = 30'000'000;  ///< for an answer once it was cancelled
    Micros look = 500'000;     ///< how often the clock is looked at while somebody waits
    std::function<Micros()> clock = steady_micros;
  };
  /// What behind it must outlive it. After `overdue` a call is given up.
  Answers(Executor& behind, Options options);
  /// Whoever still waits hears that it is over (kUnavailable).
  ~Answers() override;

  void run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
           std::function<void(Finished)> done) override;
  void run(cutout::Task task, CallerSink sink, Cancelled cancelled,
           std::function<void(Finished)> done) override;
  void cover(cutout::Task task, Cancelled cancelled,
             std::function<void(Result<std::string>)> done) override;
  void describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) override;
  void locate(cutout::Task task, Cancelled cancelled,
              std::function<void(Result<nlohmann::json>)> done) override;

  std::size_t waiting() const override { return behind_.waiting(); }
  std::size_t working() const override { return behind_.working(); }
  std::uint64_t finished() const override { return behind_.finished(); }
  std::uint64_t refused() const override { return behind_.refused(); }
  std::size_t workers() const override { return behind_.workers(); }
  std::size_t deaths() const override { return behind_.deaths(); }

 private:
  struct Calls;
  template <class Answer>
  std::function<void(Answer)> once(Micros longest, Cancelled cancelled,
                                   std::function<void(Answer)> done);
  void watch();

  Executor& behind_;
  const Options options_;
  std::shared_ptr<Calls> calls_;  ///< shared with answers that come when this is gone
  std::thread thread_;
};

}  // namespace recorte::schedule
