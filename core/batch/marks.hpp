/// How a job that runs goes from phase to phase: each as one change of its record, refused where
/// somebody, its owner say, was faster. `ours`: as it was claimed; kForbidden where another server
/// has it by now.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/job/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recorte::batch {

/// EXECUTING. `positions`: rows or regions, 0 where they are in the record. Of one that was QUEUED,
/// all that failed is tried again: none has failed any more. What was not known when it was run,
/// and so was not charged to its owner, is now.
Result<job::Job> mark_started(job::Store& store, const job::Job& ours, std::int64_t positions,
                              std::int64_t products);
/// HELD by the admin, who alone lets it go on, with the reason as its error.
Result<job::Job> mark_held(job::Store& store, const job::Job& ours, const Error& why);
/// Its owner's groups.
Result<job::Job> mark_groups(job::Store& store, const job::Job& ours,
                             const std::vector<std::string>& groups);
/// COMPLETED; `tally` is of all its packs.
Result<job::Job> mark_completed(job::Store& store, const job::Job& ours, const job::Tally& tally);
/// ERROR.
Result<job::Job> mark_failed(job::Store& store, const job::Job& ours, const Error& error);
/// ABORTED, as it has run for as long as it may.
Result<job::Job> mark_overrun(job::Store& store, const job::Job& ours);
bool has_overrun(const job::Job& job, Micros now);

}  // namespace recorte::batch
