/// WAIT (UWS 1.1, 2.2.1.1): a GET of a job that is answered once its phase is another. No thread is
/// held meanwhile.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/job.hpp"
#include "server/http/request.hpp"
#include "server/service/jobs.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace recorte::uws {

inline constexpr std::int64_t kLongestWait = 60;  ///< seconds; -1 and more than that become it

struct Wait {
  std::int64_t seconds = 0;
  std::optional<job::Phase> phase;  ///< waits only while the job is in this one
};

/// WAIT and PHASE; without WAIT it is no wait. kUsage names a bad value.
Result<Wait> read_wait(const std::vector<http::Parameter>& parameters);

/// Calls `done` once the job's phase is not as it was when it came, or the time is over; at once
/// where its phase is not PENDING, QUEUED or EXECUTING, or not the one that `wait` names. Changes
/// that leave the phase as it is, such as progress, do not end it.
void wait_for_change(service::Jobs& jobs, const job::Job& job, const Wait& wait,
                     const service::Asker& asker, std::function<void(Result<job::Job>)> done);

}  // namespace recorte::uws
