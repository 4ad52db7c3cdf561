/// What waits in the executor's queue: a task or a question, and whom to tell.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/local_executor.hpp"
#include "core/schedule/sinks.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace recorte::schedule {

inline Room::Ticket ticket_of(const cutout::Task& task) {
  return {task.memory, task.lane == cutout::Lane::kRealTime};
}

class Job {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Job(Cancelled cancelled, Room::Ticket room = {})
      : ticket(room), cancelled_(std::move(cancelled)) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;

  // The executor's: for its memory, and whether one of the shared seats is its.
  Room::Ticket ticket;
  bool seated = false;

  bool cancelled() const { return cancelled_ && cancelled_->load(); }
  /// Gives it to a worker that is free now, without waiting for anything; work() then waits for
  /// what the worker makes. False where nothing was done.
  virtual bool begin(worker::Pool&) { return false; }
  virtual bool begun() const { return false; }
  /// Gets the answer from a worker.
  virtual void work(worker::Pool& pool) = 0;
  /// Makes this the answer.
  virtual void refuse(Error error) = 0;
  /// Passes the answer on.
  virtual void tell() = 0;

 protected:
  const std::atomic<bool>* flag() const { return cancelled_.get(); }
  Clock::time_point since() const { return since_; }

 private:
  Cancelled cancelled_;
  Clock::time_point since_ = Clock::now();
};

template <class T>
class Question : public Job {
 public:
  using Answer = Result<T>;
  using Ask = std::function<Answer(worker::Pool& pool, const std::atomic<bool>* cancelled)>;

  Question(Ask ask, Cancelled cancelled, std::function<void(Answer)> done)
      : Job(std::move(cancelled)), ask_(std::move(ask)), done_(std::move(done)) {}

  void work(worker::Pool& pool) override { answer_ = ask_(pool, flag()); }
  void refuse(Error error) override { answer_ = fail(std::move(error)); }
  void tell() override { done_(std::move(answer_)); }

 private:
  Ask ask_;
  std::function<void(Answer)> done_;
  Answer answer_;
};

/// Whose products go where the caller wants them.
class SinkJob : public Job {
 public:
  SinkJob(cutout::Task task, CallerSink sink, Cancelled cancelled,
          std::function<void(Finished)> done)
      : Job(std::move(cancelled), ticket_of(task)),
        task_(std::move(task)),
        sink_(std::move(sink)),
        done_(std::move(done)) {}

  void work(worker::Pool& pool) override;
  void refuse(Error error) override;
  void tell() override { done_(std::move(answer_)); }

 private:
  cutout::Task task_;
  CallerSink sink_;
  std::function<void(Finished)> done_;
  Finished answer_;
};

class TaskJob : public Job {
 public:
  /// `large`: whether the products go to disk. Those in memory that turn out to be too large for it
  /// are made again, on disk.
  TaskJob(cutout::Task task, Sinks& sinks, bool large, Cancelled cancelled,
          std::function<void(Finished)> done)
      : Job(std::move(cancelled), ticket_of(task)),
        task_(std::move(task)),
        sinks_(sinks),
        large_(large),
        done_(std::move(done)) {}

  bool begin(worker::Pool& pool) override;
  bool begun() const override { return begun_.has_value(); }
  void work(worker::Pool& pool) override;
  void refuse(Error error) override;
  void tell() override { done_(std::move(answer_)); }

 private:
  void start();
  Status make_sink();
  void run(worker::Pool& pool);
  int sink() const { return answer_.sink->descriptor(); }

  cutout::Task task_;
  Clock::time_point began_;
  std::optional<worker::Pool::Begun> begun_;
  Sinks& sinks_;
  bool large_;
  std::function<void(Finished)> done_;
  Finished answer_;
};

}  // namespace recorte::schedule
