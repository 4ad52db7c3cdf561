/// A job's tasks: those that its record has, or, where it has none, new ones along the sky.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/plan.hpp"
#include "core/job/store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::batch {

/// `most`: products of a task. A short job is shared out among the workers there are.
Result<std::vector<job::Task>> first_tasks(job::Store& store, const std::string& id,
                                           const std::filesystem::path& directory, const Plan& plan,
                                           std::int64_t most, std::size_t workers);

}  // namespace recorte::batch
