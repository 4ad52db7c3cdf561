// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/calendar.hpp"

#include <chrono>

namespace recorte {
namespace {

namespace chr = std::chrono;

constexpr Micros kDay = 86'400'000'000;

chr::year_month month_of(std::int64_t day) {
  const chr::year_month_day date{chr::sys_days{chr::days{day}}};
  return date.year() / date.month();
}

std::int64_t first_of(chr::year_month month) {
  return chr::sys_days{month / chr::day{1}}.time_since_epoch().count();
}

}  // namespace

std::int64_t day_of(Micros time) { return time / kDay - (time % kDay < 0 ? 1 : 0); }
Micros day_begin(std::int64_t day) { return day * kDay; }
std::int64_t month_begin(std::int64_t day) { return first_of(month_of(day)); }
std::int64_t next_month_begin(std::int64_t day) { return first_of(month_of(day) + chr::months{1}); }

}  // namespace recorte
