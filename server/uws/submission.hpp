/// What a POST to the list says: a SODA job, its list, and the words of UWS about the job itself.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"
#include "server/service/jobs.hpp"

#include <vector>

namespace recorte::uws {

/// PHASE (RUN alone), RUNID, EXECUTIONDURATION, DESTRUCTION and UPLOAD are taken out, whatever
/// their case; all others, as they were sent, are the job's parameters. Empty values, which forms
/// send, mean nothing.
Result<service::Submission> read_submission(std::vector<http::Parameter> parameters);

/// Of a POST to /parameters: those of the job alone. kUsage for a list, which comes with the job.
Result<std::vector<job::Parameter>> read_parameters(const std::vector<http::Parameter>& parameters);

}  // namespace recorte::uws
