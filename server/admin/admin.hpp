/// `/api/v1/admin`: the operator's hand on jobs, servers and surveys. These routes are served on a
/// Unix socket that only the operator's user can open, and nowhere else: whoever comes to them is
/// let do everything.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/audit.hpp"
#include "core/account/keys.hpp"
#include "core/account/token.hpp"
#include "core/account/user.hpp"
#include "core/schedule/policy.hpp"
#include "server/http/router.hpp"
#include "server/service/job_admin.hpp"
#include "server/service/jobs.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace recorte::admin {

/// What the handlers use; all of it must outlive them.
struct Parts {
  service::Jobs& jobs;
  service::JobAdmin& acts;
  service::Switchboard& switchboard;
  service::SurveyBook& surveys;
  /// Of this server's workers (docs/reference/admin.md).
  std::function<nlohmann::ordered_json()> workers;
  schedule::PolicyOptions policy;
  account::Accounts& accounts;
  account::Tokens& tokens;
  account::Audit& audit;
  const account::Keys& keys;
  std::vector<std::string> grants;            ///< of the configuration
  std::function<std::uint64_t()> audit_lost;  ///< events that could not be written
};

std::vector<http::Route> routes(const Parts& parts);

}  // namespace recorte::admin
