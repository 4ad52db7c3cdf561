/// A job's progress as server-sent events (HTML, 9.2): an event for each change, the latest where
/// the client is slower than the job, until the job has ended. Holds no thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"
#include "server/http/response.hpp"
#include "server/service/jobs.hpp"

#include <memory>
#include <string>

namespace recorte::api {

/// "event: progress" with the job as JSON; the last is "event: end". `jobs` must outlive it.
std::unique_ptr<http::Stream> job_events(service::Jobs& jobs, job::Job job, std::string base_url,
                                         service::Asker asker);

}  // namespace recorte::api
