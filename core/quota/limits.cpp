// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/limits.hpp"

#include "core/job/job.hpp"

#include <algorithm>
#include <array>

namespace recorte::quota {
namespace {

constexpr std::array kLimits{&Limits::cutouts_per_day,       &Limits::cutouts_per_month,
                             &Limits::positions_per_job,     &Limits::jobs,
                             &Limits::running_jobs,          &Limits::bytes,
                             &Limits::worker_seconds_per_day};

/// The one that says something, where only one does.
template <class Choose>
Limit both(Limit a, Limit b, Choose choose) {
  return a && b ? Limit(choose(*a, *b)) : a ? a : b;
}

Limit most_generous(Limit a, Limit b) {
  return both(a, b, [](auto x, auto y) { return std::max(x, y); });
}
Limit strictest(Limit a, Limit b) {
  return both(a, b, [](auto x, auto y) { return std::min(x, y); });
}

}  // namespace

Limits limits_of(const Quotas& quotas, std::string_view user, std::span<const std::string> groups) {
  const bool anonymous = user == job::Job().owner;
  const auto own = quotas.users.find(user);
  Limits out;
  for (const auto limit : kLimits) {
    Limit of_groups;
    for (const auto& name : groups)
      if (const auto group = quotas.groups.find(name); group != quotas.groups.end())
        of_groups = most_generous(of_groups, group->second.*limit);
    auto said = strictest(of_groups, own == quotas.users.end() ? Limit() : own->second.*limit);
    if (anonymous) said = quotas.anonymous.*limit;
    if (!said) said = quotas.everyone.*limit;
    if (said != kUnlimited) out.*limit = said;
  }
  return out;
}

}  // namespace recorte::quota
