/// Days and months in UTC, by which quotas count. A day is a number since 1970.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstdint>

namespace recorte {

std::int64_t day_of(Micros time);
/// When it begins.
Micros day_begin(std::int64_t day);
/// The first day of the month that `day` is in, and of the next one.
std::int64_t month_begin(std::int64_t day);
std::int64_t next_month_begin(std::int64_t day);

}  // namespace recorte
