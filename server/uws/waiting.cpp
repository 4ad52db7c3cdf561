// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/waiting.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace recorte::uws {
namespace {

constexpr std::int64_t kSecond = 1'000;

bool changes_by_itself(job::Phase phase) {
  return phase == job::Phase::kPending || phase == job::Phase::kQueued ||
         phase == job::Phase::kExecuting;
}

/// One wait of a client: until `phase` is left, or until `end` (monotonic ms).
struct Pending {
  service::Jobs& jobs;
  job::Phase phase;
  std::int64_t end;
  service::Asker asker;
  std::function<void(Result<job::Job>)> done;
};

void go_on(const std::shared_ptr<const Pending>& pending, Result<job::Job> job) {
  const auto left = pending->end - monotonic_ms();
  const bool gone = pending->asker.gone && *pending->asker.gone;
  if (!job || job->phase != pending->phase || left <= 0 || gone)
    return pending->done(std::move(job));
  pending->jobs.wait(job->id, job->version, (left + kSecond - 1) / kSecond, pending->asker,
                     [pending](Result<job::Job> now) { go_on(pending, std::move(now)); });
}

Status take_seconds(Wait& wait, const std::string& value) {
  const auto seconds = to_int(value);
  if (!seconds || *seconds < -1)
    return fail(ErrorCode::kUsage, "WAIT '" + value.substr(0, 60) +
                                       "' is no time; write seconds, 0 or more, or -1 for as long "
                                       "as may be (" +
                                       std::to_string(kLongestWait) + ")");
  wait.seconds = *seconds < 0 ? kLongestWait : std::min(*seconds, kLongestWait);
  return {};
}

}  // namespace

Result<Wait> read_wait(const std::vector<http::Parameter>& parameters) {
  Wait wait;
  bool given = false;
  std::optional<std::string> phase;
  for (const auto& [name, value] : parameters) {
    if (equal_ignoring_case(name, "WAIT")) {
      if (std::exchange(given, true))
        return fail(ErrorCode::kMultiValued, "WAIT is given twice; give it once");
      RECORTE_TRY(take_seconds(wait, value));
    } else if (equal_ignoring_case(name, "PHASE")) {
      phase = value;
    }
  }
  if (!given || !phase) return wait;
  wait.phase = job::phase_from_name(*phase);
  if (!wait.phase && *phase != "UNKNOWN")
    return fail(ErrorCode::kUsage, "PHASE '" + phase->substr(0, 60) +
                                       "' is none; use that of the job, as PHASE=EXECUTING");
  // No job is in a phase that is none of ours: it differs.
  if (!wait.phase) wait.seconds = 0;
  return wait;
}

void wait_for_change(service::Jobs& jobs, const job::Job& job, const Wait& wait,
                     const service::Asker& asker, std::function<void(Result<job::Job>)> done) {
  if (wait.seconds == 0 || !changes_by_itself(job.phase) ||
      (wait.phase && *wait.phase != job.phase))
    return done(job);
  go_on(std::make_shared<const Pending>(Pending{
            jobs, job.phase, monotonic_ms() + wait.seconds * kSecond, asker, std::move(done)}),
        job);
}

}  // namespace recorte::uws
