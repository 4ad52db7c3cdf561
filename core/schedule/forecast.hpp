/// When jobs will begin and end, if nothing else comes: all that wait and run share the workers as
/// the policy shares them, as a fluid (generalised processor sharing: classes by weight, owners in
/// a class by weight, the jobs of an owner one after another). What an owner is ahead or behind is
/// left out: the policy bounds it by `memory`. Pure.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schedule/policy.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace recorte::schedule {

struct Expected {
  std::string owner;
  Class in = Class::kNormal;
  bool running = false;
  double work_s = 0;   ///< seconds of one worker that are left of it
  double fixed_s = 0;  ///< seconds that it takes besides, however many workers there are; its
                       ///< owner's next job does not wait for them
};

struct Forecast {
  double start_s = 0, end_s = 0;  ///< seconds from now
  std::size_t ahead = 0;          ///< jobs that wait and begin before it; 0 for one that runs
};

/// One a job, in their order; of one owner in one class, running ones first, then as they stand.
/// `hands`: workers, at least 1. Some microseconds a job.
std::vector<Forecast> forecast(std::span<const Expected> jobs, const PolicyOptions& policy,
                               double hands);

}  // namespace recorte::schedule
