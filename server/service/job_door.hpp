/// What is looked at whenever somebody comes to the door with a job's id, and what is said there.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/job.hpp"
#include "server/service/cutouts.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace recorte::service {

/// Whether nobody has authenticated the caller.
bool is_anonymous(const Asker& asker);
/// As random_hex() makes them.
bool is_job_id(std::string_view text);
/// kNotFound for any other: no job has it, and no database is asked.
Status check_id(const std::string& id);
/// The operator may touch every job. Whoever knows the id of an anonymous user's job may do with it
/// what the user may. Who may not is told to sign in, where that may help.
Status may_touch(const job::Job& job, const Asker& asker);
/// Its owner, and nobody else, shares its results; a job of nobody's is nobody's to share.
Status may_share(const job::Job& job, const Asker& asker);
/// The change that runs a job for the first time, or again for what is missing. kForbidden where an
/// admin holds it.
std::function<Status(job::Job&)> starting(job::Move move);
/// As a client is told of it: "cannot read /var/lib/recorte/jobs/ID/plan: ..." is "cannot read plan
/// of the results of this job: ...".
Error without_place(Error error, const std::filesystem::path& job_directory);

}  // namespace recorte::service
