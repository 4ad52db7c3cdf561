/// Which of the jobs that wait for their turn this server begins next: of those owners who have the
/// fewest here, one by the policy; of that owner, one that has begun already, then by place and
/// age. Pure.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/store.hpp"
#include "core/schedule/policy.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace recorte::batch {

/// How many jobs of its owner may run at once.
using MayRun = std::function<std::int64_t(const job::Queued&)>;

class Claiming {
 public:
  /// `queue`: as the store has it (job::Store::queue). `here`: those that this server works on
  /// already, by their owners.
  Claiming(std::vector<job::Queued> queue, const std::map<std::string, std::string>& here,
           const schedule::PolicyOptions& policy, const MayRun& may_run);

  /// The next one, which then counts as one that is here; null where there is none.
  const job::Queued* next(schedule::FairShare& share, Micros now);
  /// The owner who should have one here and has none, though others wait less: null where all who
  /// wait have one.
  const std::string* left_out() const;

 private:
  struct Owner {
    std::vector<const job::Queued*> free;  ///< the first goes first
    std::int64_t here = 0, running = 0;
  };
  const job::Queued* first_of(const Owner& owner) const;

  std::vector<job::Queued> queue_;
  const schedule::PolicyOptions& policy_;
  const MayRun& may_run_;
  std::map<std::string, Owner> owners_;
};

}  // namespace recorte::batch
