// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_times.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace recorte::service {
namespace {

constexpr double kDayMicros = 86'400e6;
constexpr double kUnixEpochMjd = 40587;
/// "2026-12-24".
constexpr std::size_t kDateLength = 10;
/// The day on which MJD is 0: what follows it is read without a loss, as it is below one.
constexpr std::string_view kDayZero = "1858-11-17";

}  // namespace

Result<Micros> parse_instant(std::string_view name, std::string_view text) {
  const auto whole = trim(text);
  const auto date = mjd_from_iso(whole.substr(0, kDateLength));
  const auto clock = mjd_from_iso(std::string(kDayZero) +
                                  std::string(whole.substr(std::min(kDateLength, whole.size()))));
  if (!date || !clock)
    return fail(ErrorCode::kUsage, std::string(name) + " '" + std::string(whole.substr(0, 60)) +
                                       "' is not a time; write it in UTC, as 2026-12-24T18:00:00Z");
  return static_cast<Micros>(*date - kUnixEpochMjd) * static_cast<Micros>(kDayMicros) +
         std::llround(*clock * kDayMicros);
}

Result<std::int64_t> parse_seconds(std::string_view name, std::string_view text) {
  constexpr std::int64_t most = INT32_MAX;
  const auto seconds = to_int(text);
  if (!seconds || *seconds < 0 || *seconds > most)
    return fail(ErrorCode::kUsage,
                std::string(name) + " '" + std::string(text.substr(0, 60)) +
                    "' is no number of seconds; write a whole number, 0 (any time) to " +
                    std::to_string(most));
  return *seconds;
}

}  // namespace recorte::service
