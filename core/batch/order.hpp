/// The order in which a job's products are made: neighbours on the sky together.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/plan.hpp"

#include <cstdint>
#include <vector>

namespace recorte::batch {

/// Numbers of the plan's products in that order (sky_order.hpp): always the same for a plan. One
/// whose request cannot be read comes last.
std::vector<std::uint32_t> sky_order(const Plan& plan);

}  // namespace recorte::batch
