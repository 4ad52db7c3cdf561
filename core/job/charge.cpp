// SPDX-License-Identifier: BSD-3-Clause
#include "core/job/charge.hpp"

#include <algorithm>

namespace recorte::job {

std::int64_t chargeable(const Job& job) {
  return std::max<std::int64_t>(0, job.products - std::max<std::int64_t>(0, job.outside));
}

std::int64_t chargeable_made(const Job& job) {
  const auto outside = std::max<std::int64_t>(0, job.outside);
  const auto& tally = job.tally;
  const auto made =
      tally.ok + tally.partial + std::max<std::int64_t>(0, tally.no_coverage - outside);
  return std::min(made, chargeable(job));
}

std::int64_t charge_of_run(const Job& job) {
  return chargeable(job) - std::min(chargeable(job), std::max(job.charged, chargeable_made(job)));
}

void settle_charge(Job& job) {
  if (has_ended(job.phase)) job.charged = std::min(job.charged, chargeable_made(job));
}

}  // namespace recorte::job
