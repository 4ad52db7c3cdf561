/// Parameters of a job that is not run yet, as later ones change them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"

#include <string_view>
#include <vector>

namespace recorte::service {

/// Whether a parameter of that name may have several values (SODA 1.0, 3; ours by their table).
bool is_repeatable(std::string_view name);
/// A name that has one value takes the new one; others have it besides. Names compare without case.
std::vector<job::Parameter> replaced(std::vector<job::Parameter> old,
                                     const std::vector<job::Parameter>& changes);

}  // namespace recorte::service
