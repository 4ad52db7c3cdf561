/// Time is UTC, held as integer microseconds since 1970, printed as ISO 8601.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <string>

namespace recorte {

using Micros = std::int64_t;

Micros now_micros();
/// Monotonic milliseconds, for deadlines.
std::int64_t monotonic_ms();
/// Microseconds of a clock that nobody sets, for turns, pauses and leases.
Micros steady_micros();
/// "2026-11-22T14:12:46" (FITS DATE, no zone letter: FITS 4.0, 4.4.2.1).
std::string fits_date(Micros time);
/// "2026-11-22T14:12:46.123456Z".
std::string iso_time(Micros time);
/// Modified Julian Date (UTC, leap seconds not counted).
double mjd(Micros time);
/// "2014-02-03T04:05:06.7", "2014-02-03", with or without Z, to MJD.
Result<double> mjd_from_iso(std::string_view text);
/// "540d", "4h30m20s", "90s" to microseconds.
Result<Micros> parse_duration(std::string_view text);
/// "7d", before `now`; or "2026-11-22T14:00:00" and the like.
Result<Micros> parse_moment(std::string_view text, Micros now);

}  // namespace recorte
