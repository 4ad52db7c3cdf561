/// The XML of UWS 1.1: a job, a list of jobs, results and parameters. The namespace is that of 1.0,
/// as the standard wants it; elements are in the order of its schema.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"
#include "server/http/response.hpp"
#include "server/service/queue_view.hpp"
#include "server/uws/result_list.hpp"

#include <optional>
#include <string>
#include <vector>

namespace recorte::uws {

inline constexpr std::string_view kXml = "text/xml; charset=utf-8";

/// The owner as UWS says it: "" for one that nobody authenticated.
std::string owner_of(const job::Job& job);
/// "2026-12-24T18:00:00.000000Z"; "" where there is none.
std::string time_text(Micros time);
/// The job's URL under `base_url`, that of the service.
std::string job_url(const std::string& base_url, const job::Job& job);

std::string job_document(const job::Job& job, const std::vector<ResultEntry>& results,
                         const std::optional<service::QueuePlace>& place = {});
/// When it is expected to be done, as far as that is known.
std::string quote_text(const job::Job& job, const std::optional<service::QueuePlace>& place);
/// The first service::kLongestList of them, as they come; a comment says where that is not all, as
/// the standard has no pages.
std::string jobs_document(std::vector<job::Job> jobs, const std::string& base_url);
std::string results_document(const std::vector<ResultEntry>& results);
std::string parameters_document(const job::Job& job);

}  // namespace recorte::uws
