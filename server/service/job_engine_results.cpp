// SPDX-License-Identifier: BSD-3-Clause
//
// Whose results are: who may have them, and what becomes of a job whose owner may less than before.
#include "core/batch/delivery.hpp"
#include "server/service/job_door.hpp"
#include "server/service/job_engine.hpp"

#include <algorithm>
#include <utility>

namespace recorte::service {

Result<std::shared_ptr<const batch::Results>> JobEngine::results(
    const job::Job& job, const Asker& asker, std::optional<std::int64_t> number) {
  auto results = results_.open(job);
  if (!results) return fail(told(std::move(results).error(), job.id));
  if (auto may = may_have(**results, asker.principal, number); !may)
    return fail(told(std::move(may).error(), job.id));
  return results;
}

Status JobEngine::may_have(const batch::Results& results, const account::Principal& principal,
                           std::optional<std::int64_t> number) const {
  if (!options_.may_have) return {};
  const auto check = [&](const auto& needs) -> Status {
    for (const auto& need : needs) RECORTE_TRY(options_.may_have(need, principal));
    return {};
  };
  if (!number) return check(results.needs());
  if (*number < 1) return {};
  const auto needs = results.needs(static_cast<std::size_t>(*number - 1));
  if (!needs) return fail(needs.error());
  return check(*needs);
}

Result<std::vector<std::string>> JobEngine::groups_now(const job::Job& job) const {
  auto groups = job.groups;
  if (!options_.owner_now) return groups;
  const auto owner = options_.owner_now(job);
  if (!owner) return fail(owner.error());
  std::erase_if(groups, [&](const auto& group) {
    return std::ranges::find(owner->groups, group) == owner->groups.end();
  });
  return groups;
}

Status JobEngine::deliver(const job::Job& job, const std::shared_ptr<const batch::Results>& results,
                          const std::atomic<bool>& stop) const {
  if (options_.owner_now) {
    const auto owner = options_.owner_now(job);
    if (!owner) return fail(owner.error());
    RECORTE_TRY(may_have(*results, *owner, {}));
  }
  return batch::deliver(*options_.delivery, job, results, stop);
}

}  // namespace recorte::service
