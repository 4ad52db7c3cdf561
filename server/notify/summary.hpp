/// What is said of a job that ended: as JSON to programs (docs/reference/webhooks.md), as a mail to
/// people.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/job/job.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace recorte::notify {

/// `base_url` is what the links begin with.
nlohmann::json summary(const job::Job& job, const std::string& base_url);
std::string mail_subject(const nlohmann::json& summary);
std::string mail_text(const nlohmann::json& summary);

/// JSON as text; what is no UTF-8 is replaced.
std::string json_text(const nlohmann::json& value);

}  // namespace recorte::notify
