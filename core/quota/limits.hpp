/// What users may use: limits for everybody, for groups, for users, and which of them count for
/// one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace recorte::quota {

/// Said of a group or a user that may have any number, whatever is said of everyone.
inline constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

using Limit = std::optional<std::int64_t>;

/// None: no limit is said here.
struct Limits {
  Limit cutouts_per_day = {}, cutouts_per_month = {};
  Limit positions_per_job = {};
  Limit jobs = {};          ///< that have not ended
  Limit running_jobs = {};  ///< at once; others wait
  Limit bytes = {};         ///< of results that are kept
  Limit worker_seconds_per_day = {};
  bool operator==(const Limits&) const = default;
};

struct Quotas {
  Limits everyone;   ///< each user, of whom nothing else is said
  Limits anonymous;  ///< all who are not signed in, together
  std::map<std::string, Limits, std::less<>> users, groups;
};

/// Those of one user, limit by limit: of the user's groups the most generous; of that and of what
/// is said of the user the strictest; where neither says anything, everyone's. None of them is
/// kUnlimited: it is none.
Limits limits_of(const Quotas& quotas, std::string_view user, std::span<const std::string> groups);

}  // namespace recorte::quota
