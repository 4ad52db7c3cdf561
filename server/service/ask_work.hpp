/// How much work a job asks for that has no list: its regions in all their variants.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/ask.hpp"
#include "core/schedule/estimate.hpp"
#include "server/service/work_sum.hpp"

#include <cstdint>
#include <optional>

namespace recorte::service {

/// Why a product of it cannot be made, where something is missing or does not fit together.
Status complete(const batch::Ask& ask, std::optional<std::int64_t> positions);
/// `positions`: so many instead of the regions, wherever they are. Of many products some stand for
/// all. No kind where parameters are missing that a cutout needs.
schedule::Work work_of(const batch::Ask& ask, std::optional<std::int64_t> positions, WorkSum sum);

}  // namespace recorte::service
