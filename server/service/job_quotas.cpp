// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_quotas.hpp"

#include "core/job/charge.hpp"
#include "server/service/job_door.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace recorte::service {
namespace {

bool held_by_quota(const job::Job& job) {
  return job.phase == job::Phase::kHeld && job.hold == job::Hold::kQuota;
}

/// Whatever is removed or renewed.
bool never_fits(const quota::Verdict& verdict) {
  return std::ranges::any_of(verdict.broken, [](const auto& s) { return s.wanted > s.limit; });
}

}  // namespace

JobQuotas::JobQuotas(quota::Quotas quotas, Bounds bounds, job::Store& store)
    : quotas_(std::move(quotas)), bounds_(bounds), store_(store) {}

Status JobQuotas::check_active(const std::string& owner, const job::Usage& usage) const {
  const bool anonymous = owner == job::Job().owner;
  const auto most = anonymous ? bounds_.anonymous_active : bounds_.active;
  if (usage.active < most) return {};
  const auto many = std::to_string(usage.active);
  return fail(ErrorCode::kUnavailable,
              anonymous ? many +
                              " jobs of users who are not signed in have not ended, and there "
                              "may be " +
                              std::to_string(most) + " (anonymous.active); try again later"
                        : many + " of your jobs have not ended, and a user may have " +
                              std::to_string(most) +
                              " (jobs.active); wait until one ends, or abort or remove one");
}

Status JobQuotas::expect_room(const std::string& owner, std::span<const std::string> groups) const {
  const auto usage = store_.usage(owner);
  if (!usage) return fail(usage.error());
  RECORTE_TRY(check_active(owner, *usage));
  const auto verdict =
      quota::judge(quota::limits_of(quotas_, owner, groups), *usage, {.job = true}, usage->time);
  if (verdict.answer == quota::Answer::kYes) return {};
  return fail(quota::refusal(verdict, usage->time));
}

job::Admit JobQuotas::admit_new(bool run) const {
  return [this, run](job::Job& job, const job::Usage& usage) {
    return admit(job, usage, true, run, job::Move::kRun);
  };
}

job::Admit JobQuotas::admit_start(job::Move move) const {
  return [this, move](job::Job& job, const job::Usage& usage) {
    return admit(job, usage, job::has_ended(job.phase), true, move);
  };
}

/// `further`: it is not among those of the usage that have not ended.
Status JobQuotas::admit(job::Job& job, const job::Usage& usage, bool further, bool run,
                        job::Move move) const {
  if (further) RECORTE_TRY(check_active(job.owner, usage));
  const auto cutouts = run ? job::charge_of_run(job) : 0;
  const auto verdict = quota::judge(quota::limits_of(quotas_, job.owner, job.groups), usage,
                                    {cutouts, job.positions, further}, usage.time);
  if (verdict.answer == quota::Answer::kNo) return fail(quota::refusal(verdict, usage.time));
  if (!run) return {};
  RECORTE_TRY(starting(move)(job));
  if (verdict.answer == quota::Answer::kYes) {
    job.charged += cutouts;
    return {};
  }
  auto held = job::moved(job.phase, job::Move::kHold);
  if (!held) return fail(std::move(held).error());
  job.phase = *held;
  job.hold = job::Hold::kQuota;
  job.hold_until = verdict.until;
  return {};
}

std::int64_t JobQuotas::may_run(const job::Queued& job) const {
  return quota::limits_of(quotas_, job.owner, job.groups).running_jobs.value_or(quota::kUnlimited);
}

Result<std::vector<quota::Standing>> JobQuotas::standings(
    const std::string& owner, std::span<const std::string> groups) const {
  const auto usage = store_.usage(owner);
  if (!usage) return fail(usage.error());
  return quota::standings(quota::limits_of(quotas_, owner, groups), *usage, usage->time);
}

Result<std::int64_t> JobQuotas::let_go(bool before_renewal) const {
  const auto held = store_.held_by_quota();
  if (!held) return fail(held.error());
  std::set<std::string> waiting;  // owners whose oldest has no room yet
  std::int64_t out = 0;
  for (const auto& each : *held) {
    if (waiting.contains(each.owner)) continue;
    const bool due = each.renewed || before_renewal;
    const auto answer = due ? look_at(each.id) : quota::Answer::kWait;
    if (!answer) {
      if (answer.error().code == ErrorCode::kUnavailable) return fail(answer.error());
      continue;  // it is held no more
    }
    if (*answer == quota::Answer::kWait) waiting.insert(each.owner);
    if (*answer == quota::Answer::kYes) ++out;
  }
  return out;
}

/// First without keeping everybody else from being accepted.
Result<quota::Answer> JobQuotas::look_at(const std::string& id) const {
  const auto job = store_.find(id);
  if (!job) return fail(job.error());
  const auto usage = store_.usage(job->owner);
  if (!usage) return fail(usage.error());
  const auto first = verdict_on(*job, *usage);
  auto answer = first.answer;
  if (answer == quota::Answer::kWait) return answer;
  if (answer == quota::Answer::kNo && !never_fits(first)) return answer;
  const auto went = store_.admit(id, [&](job::Job& ours, const job::Usage& now) -> Status {
    if (!held_by_quota(ours)) return fail(ErrorCode::kCancelled, "it is not held any more");
    const auto verdict = verdict_on(ours, now);
    answer = verdict.answer;
    if (answer == quota::Answer::kWait) return fail(ErrorCode::kCancelled, "it has to wait");
    if (answer == quota::Answer::kYes) return admit(ours, now, false, true, job::Move::kRun);
    if (!never_fits(verdict)) return fail(ErrorCode::kCancelled, "there is no room yet");
    auto phase = job::moved(ours.phase, job::Move::kFail);
    if (!phase) return fail(std::move(phase).error());
    ours.phase = *phase;
    ours.hold = job::Hold::kNone;
    ours.hold_until = 0;
    ours.ended = now.time;
    ours.error = quota::refusal(verdict, now.time);
    return {};
  });
  if (!went && answer != quota::Answer::kWait) return fail(went.error());
  return answer;
}

quota::Verdict JobQuotas::verdict_on(const job::Job& held, const job::Usage& usage) const {
  return quota::judge(quota::limits_of(quotas_, held.owner, held.groups), usage,
                      {job::charge_of_run(held), held.positions, false}, usage.time);
}

}  // namespace recorte::service
