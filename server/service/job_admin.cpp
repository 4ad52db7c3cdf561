// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_admin.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/job/charge.hpp"
#include "core/schedule/policy.hpp"
#include "server/service/job_door.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace recorte::service {
namespace {

constexpr std::int64_t kFarthest = 1'000'000;

Status known_class(const std::string& name) {
  const auto& names = schedule::kClassNames;
  if (name.empty() || std::ranges::find(names, name) != names.end()) return {};
  return fail(ErrorCode::kUsage,
              "'" + good_utf8(name.substr(0, 60)) + "' is no class; use " +
                  join(std::vector<std::string>(names.begin(), names.end()), ", "));
}

}  // namespace

Result<job::Job> JobAdmin::hold(const std::string& id) {
  RECORTE_TRY(check_id(id));
  return store_.change(id, [](job::Job& job) -> Status {
    if (job.phase == job::Phase::kPending)
      return fail(ErrorCode::kUsage, "the job " + job.id +
                                         " has not been started by its owner, so that there is "
                                         "nothing to hold");
    if (job.phase != job::Phase::kHeld) {
      auto phase = job::moved(job.phase, job::Move::kHold);
      if (!phase) return fail(std::move(phase).error());
      job.phase = *phase;
    }
    job.hold = job::Hold::kAdmin;
    job.hold_until = 0;
    return {};
  });
}

Result<job::Job> JobAdmin::release(const std::string& id) {
  RECORTE_TRY(check_id(id));
  return store_.change(id, [](job::Job& job) -> Status {
    if (job::has_ended(job.phase) && job.hold == job::Hold::kAdmin) {
      job.hold = job::Hold::kNone;  // its owner may run it again
      return {};
    }
    if (job.phase != job::Phase::kHeld)
      return fail(ErrorCode::kUsage, "the job " + job.id + " is " +
                                         std::string(job::name_of(job.phase)) + ", not HELD");
    job.hold = job::Hold::kNone;
    job.charged += job::charge_of_run(job);  // past its quota, too, where that held it
    return starting(job::Move::kRun)(job);
  });
}

Result<job::Job> JobAdmin::move(const std::string& id, const JobMove& to) {
  RECORTE_TRY(check_id(id));
  if (!to.priority && !to.place)
    return fail(ErrorCode::kUsage, "say where to: \"priority\", \"place\", or both");
  if (to.priority) RECORTE_TRY(known_class(*to.priority));
  if (to.place && (*to.place < -kFarthest || *to.place > kFarthest))
    return fail(ErrorCode::kUsage, "place " + std::to_string(*to.place) +
                                       " is no whole number from -1000000 to 1000000");
  return store_.change(id, [&](job::Job& job) -> Status {
    if (job::has_ended(job.phase))
      return fail(ErrorCode::kUsage, "the job " + job.id + " is " +
                                         std::string(job::name_of(job.phase)) +
                                         " and waits for nothing any more");
    if (to.priority) job.priority = *to.priority;
    if (to.place) job.place = *to.place;
    return {};
  });
}

}  // namespace recorte::service
