/// What owners have used: the tables `ledger` and `share`, and what jobs add to them. Private to
/// this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/db/job_row.hpp"
#include "core/job/store.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>

namespace recorte::db {

/// Adds to an owner's day, or takes away; no day is ever less than nothing.
void add_to_ledger(soci::session& session, const std::string& owner, std::int64_t day,
                   std::int64_t cutouts, std::int64_t work_us);
/// What `after` is charged with beyond `before` goes to today; what less, back to the day that was
/// charged. `after` learns the day.
void settle_charge(soci::session& session, const JobRow& before, JobRow& after, Micros now);
/// Of one owner, or of all, without what jobs tell.
job::Usage read_ledger(soci::session& session, const std::optional<std::string>& owner, Micros now);
/// Of one owner, or of all.
job::Usage read_usage(soci::session& session, const std::optional<std::string>& owner, Micros now);

/// What `work_us`, as it counted at `then`, counts now; the same where nothing is forgotten (0).
double faded(double work_us, Micros then, Micros now, Micros half_life);
void add_to_share(soci::session& session, const std::string& owner, std::int64_t work_us,
                  Micros now, Micros half_life);

}  // namespace recorte::db
