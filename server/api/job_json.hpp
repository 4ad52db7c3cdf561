/// A job as the API says it (docs/reference/http-api.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"
#include "server/service/jobs.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace recorte::api {

/// "https://host/api/v1/jobs/ID".
std::string job_url(const std::string& base_url, const std::string& id);
/// Times are ISO 8601 or null; what is not known yet is null. `place`: where it stands in the
/// queue.
nlohmann::ordered_json job_json(const job::Job& job, const std::string& base_url,
                                const std::optional<service::QueuePlace>& place = {});
/// A new one: with the rows of its list that no image covers.
nlohmann::ordered_json created_json(const service::Created& created, const std::string& base_url);

}  // namespace recorte::api
