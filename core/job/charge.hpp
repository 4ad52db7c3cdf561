/// What of a job counts against its owner's quota: the products that were asked for where there are
/// images, and in the end those that were made.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"

#include <cstdint>

namespace recorte::job {

/// All that it would make, without those that are known to lie outside of every image.
std::int64_t chargeable(const Job& job);
/// Of these, those that were made; one that failed was not, one without coverage was.
std::int64_t chargeable_made(const Job& job);
/// What running it, or running it again, is charged with besides.
std::int64_t charge_of_run(const Job& job);
/// Of a job that has ended: what was charged and not made is charged no more. Others stay as they
/// are.
void settle_charge(Job& job);

}  // namespace recorte::job
