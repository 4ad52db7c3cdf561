/// Those who wait for a job to change, and hold no thread meanwhile. One thread looks when somebody
/// says that a job was changed, and when a waiter's time is over; a crew of its own tells them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/crew.hpp"
#include "core/job/job.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace recorte::service {

class JobWatch {
 public:
  using Find = std::function<Result<job::Job>(const std::string& id)>;
  using Done = std::function<void(Result<job::Job>)>;

  explicit JobWatch(Find find);
  /// As release(), and waits until everybody is told.
  ~JobWatch();
  JobWatch(const JobWatch&) = delete;
  JobWatch& operator=(const JobWatch&) = delete;

  /// `done` is called once, by the crew: when the job's version is not `version`, or it cannot be
  /// found, or after `seconds`. It may wait again. After release() it is called at once, by the
  /// caller. [any thread]
  void wait(const std::string& id, std::int64_t version, std::int64_t seconds, Done done);
  /// Who waits, and who will, is told at once, with kUnavailable: the server is about to end, and
  /// finishes what is in flight first. [any thread]
  void release();
  /// A job was changed; "": any may have been. [any thread]
  void told(const std::string& id);

 private:
  struct Waiter {
    std::int64_t version;
    std::int64_t deadline_ms;
    Done done;
  };
  void run();
  /// The next that are to be looked at; waits. None where it ends.
  std::set<std::string> next();
  void look(const std::string& id);

  const Find find_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<std::string, Waiter> waiters_;  ///< by the job's id
  std::set<std::string> changed_;
  bool released_ = false, stopping_ = false;
  batch::Crew crew_;
  std::thread thread_;
};

}  // namespace recorte::service
