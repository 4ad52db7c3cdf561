/// What users may use: limits for everybody, for groups, for users, and which of them count for
/// one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace recorte::quota {

/// None: no limit is said here.
struct Limits {
  std::optional<std::int64_t> cutouts_per_day, cutouts_per_month;
  std::optional<std::int64_t> positions_per_job;
  std::optional<std::int64_t> jobs;          ///< that have not ended
  std::optional<std::int64_t> running_jobs;  ///< at once; others wait
  std::optional<std::int64_t> bytes;         ///< of results that are kept
  std::optional<std::int64_t> worker_seconds_per_day;
  bool operator==(const Limits&) const = default;
};

struct Quotas {
  Limits everyone;   ///< each user, of whom nothing else is said
  Limits anonymous;  ///< all who are not signed in, together
  std::map<std::string, Limits, std::less<>> users, groups;
};

/// Those of one user, limit by limit: of the user's groups the most generous; of that and of what
/// is said of the user the strictest; where neither says anything, everyone's.
Limits limits_of(const Quotas& quotas, std::string_view user, std::span<const std::string> groups);

}  // namespace recorte::quota
