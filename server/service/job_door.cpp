// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_door.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/runner.hpp"

#include <algorithm>
#include <string_view>

namespace recorte::service {

bool is_anonymous(const Asker& asker) { return asker.principal.user == job::Job().owner; }

bool is_job_id(std::string_view text) {
  return text.size() == 2 * batch::kJobIdBytes &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

Status check_id(const std::string& id) {
  if (is_job_id(id)) return {};
  return fail(ErrorCode::kNotFound, "no job is called '" + good_utf8(id.substr(0, 60)) + "'");
}

Status may_touch(const job::Job& job, const Asker& asker) {
  const job::Job nobodys;
  if (job.visibility != job::Visibility::kNormal)
    return fail(ErrorCode::kNotFound, "no job is called '" + job.id + "'");
  if (asker.admin || job.owner == nobodys.owner || job.owner == asker.principal.user) return {};
  if (is_anonymous(asker))
    return fail(ErrorCode::kUnauthenticated, "the job " + job.id + " belongs to a user; sign in");
  return fail(ErrorCode::kForbidden, "the job " + job.id + " belongs to somebody else");
}

Status may_share(const job::Job& job, const Asker& asker) {
  if (is_anonymous(asker))
    return fail(ErrorCode::kUnauthenticated, "results are shared by users that are signed in");
  if (job.owner == asker.principal.user) return {};
  return fail(ErrorCode::kForbidden,
              "the results of the job " + job.id + " are its owner's to share");
}

Error without_place(Error error, const std::filesystem::path& directory) {
  constexpr std::string_view results = "the results of this job";
  const auto place = directory.string();
  for (auto at = error.message.find(place); at != std::string::npos;
       at = error.message.find(place, at)) {
    const auto end =
        std::min(error.message.find_first_of(" :;,'\"", at + place.size()), error.message.size());
    const auto inside = std::string(trim(error.message.substr(at, end - at).substr(place.size())));
    const auto name = inside.size() > 1 ? inside.substr(1) + " of " : "";
    error.message.replace(at, end - at, name + std::string(results));
  }
  return error;
}

std::function<Status(job::Job&)> starting(job::Move move) {
  return [move](job::Job& job) -> Status {
    auto phase = job::moved(job.phase, move);
    if (!phase) return fail(std::move(phase).error());
    if (job.hold == job::Hold::kAdmin)
      return fail(ErrorCode::kForbidden, "the job " + job.id +
                                             " is held by the operator of this service, who alone "
                                             "can release it; ask them");
    if (job::has_ended(job.phase)) ++job.rounds;
    job.phase = *phase;
    job.queued = now_micros();
    job.hold = job::Hold::kNone;
    job.hold_until = 0;
    job.ended = 0;
    job.error.reset();
    job.server.clear();
    job.lease = 0;
    return {};
  };
}

}  // namespace recorte::service
