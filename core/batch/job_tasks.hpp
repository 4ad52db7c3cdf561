/// The tasks that a job begins with: along the sky at first; of one that is run again, what its
/// record has, and a further one for what has failed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/plan.hpp"
#include "core/job/store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace recorte::batch {

/// By number. `most`: products of a task. A short job is shared out among the workers there are.
/// Only one that was QUEUED tries again what failed, and all of it.
Result<std::vector<job::Task>> job_tasks(job::Store& store, const job::Job& job,
                                         const std::filesystem::path& directory, const Plan& plan,
                                         std::int64_t most, std::size_t workers);

}  // namespace recorte::batch
