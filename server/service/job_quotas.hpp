/// Which jobs are accepted, charged and held: the quotas, and the bounds of jobs that have not
/// ended. What it decides with is read in the transaction that accepts the job, so that nothing is
/// overshot, whatever comes at once and to however many servers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/phase.hpp"
#include "core/job/store.hpp"
#include "core/quota/limits.hpp"
#include "core/quota/verdict.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace recorte::service {

class JobQuotas {
 public:
  /// Of jobs that have not ended: of each user, and of all that are not signed in.
  struct Bounds {
    std::int64_t active = 100, anonymous_active = 1'000;
  };
  /// The store must outlive it.
  JobQuotas(quota::Quotas quotas, Bounds bounds, job::Store& store);

  const quota::Quotas& quotas() const { return quotas_; }
  /// Whether there is room for a further job of that owner, before much is done for it; it is
  /// admit_new() that decides.
  Status expect_room(const std::string& owner, std::span<const std::string> groups) const;
  /// Of a new job. kForbidden past a quota, kUnavailable past a bound. `run`: as admit_start().
  job::Admit admit_new(bool run) const;
  /// Of one that is run, for the first time or again: charged and QUEUED, or HELD where a quota has
  /// no room for it yet.
  job::Admit admit_start(job::Move move) const;
  /// How many jobs of its owner may run at once.
  std::int64_t may_run(const job::Queued& job) const;
  /// By every rule that has a limit.
  Result<std::vector<quota::Standing>> standings(const std::string& owner,
                                                 std::span<const std::string> groups) const;
  /// Lets go of jobs that a quota holds and has room for now, of each owner the oldest first; how
  /// many. Each is let go once, by one server; one that no waiting helps any more ends in ERROR.
  /// `before_renewal`: also of owners whose quota has not renewed since, as room may be there all
  /// the same.
  Result<std::int64_t> let_go(bool before_renewal = true) const;

 private:
  Status admit(job::Job& job, const job::Usage& usage, bool further, bool run,
               job::Move move) const;
  /// On a job that is held: whether it goes on, ends, or waits. kCancelled where it is held no
  /// more.
  Result<quota::Answer> look_at(const std::string& id) const;
  quota::Verdict verdict_on(const job::Job& held, const job::Usage& usage) const;
  Status check_active(const std::string& owner, const job::Usage& usage) const;

  const quota::Quotas quotas_;
  const Bounds bounds_;
  job::Store& store_;
};

}  // namespace recorte::service
