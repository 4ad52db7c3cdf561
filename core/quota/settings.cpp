// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/settings.hpp"

namespace recorte::quota {
namespace {

static_assert(config::Settings::kUnlimited == kUnlimited);

Limits limits(const config::Settings::QuotaLimits& from) {
  return {from.cutouts_per_day,       from.cutouts_per_month,
          from.positions_per_job,     from.jobs,
          from.running_jobs,          from.bytes,
          from.worker_seconds_per_day};
}

}  // namespace

Quotas quotas_of(const config::Settings& settings) {
  const auto& from = settings.quota;
  Quotas out;
  out.everyone = limits(from.everyone);
  out.anonymous = limits(from.anonymous);
  for (const auto& [name, said] : from.users) out.users[name] = limits(said);
  for (const auto& [name, said] : from.groups) out.groups[name] = limits(said);
  return out;
}

}  // namespace recorte::quota
