/// The thread that lets go of jobs once the quota that holds them has room.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/service/job_quotas.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace recorte::service {

class HeldJobs {
 public:
  /// Must outlive it.
  explicit HeldJobs(const JobQuotas& quotas);
  ~HeldJobs();
  HeldJobs(const HeldJobs&) = delete;
  HeldJobs& operator=(const HeldJobs&) = delete;

 private:
  void run();

  const JobQuotas& quotas_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace recorte::service
