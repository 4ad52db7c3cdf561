/// The order in which a job's products are made, as numbers of its plan: neighbours on the sky
/// together. A file that only grows: what is tried again stands once more at its end. A task is a
/// run of it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/plan.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace recorte::batch {

/// Numbers of the plan's products in that order (sky_order.hpp): always the same for a plan. One
/// whose request cannot be read comes last.
std::vector<std::uint32_t> sky_order(const Plan& plan);
/// Adds to the order of the job in `directory`, and fsyncs it; where it begins.
Result<std::int64_t> append_order(const std::filesystem::path& directory,
                                  std::span<const std::uint32_t> products);
/// kData where the file has no such run.
Result<std::vector<std::uint32_t>> read_order(const std::filesystem::path& directory,
                                              std::int64_t first, std::int64_t count);

}  // namespace recorte::batch
