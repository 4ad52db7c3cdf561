/// `/api/v1/admin`: an admin's hand on jobs, servers, surveys and accounts. Whoever comes to these
/// routes is let do everything: the guard before them has made sure that it is an admin, or the
/// operator, who alone can open the Unix socket that they are served on, too.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/audit.hpp"
#include "core/account/keys.hpp"
#include "core/account/token.hpp"
#include "core/account/user.hpp"
#include "core/schedule/policy.hpp"
#include "server/admin/plugin_desk.hpp"
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
  PluginDesk plugins;
  /// All that is served to everybody.
  std::function<const std::vector<http::Route>&()> served;
};

std::vector<http::Route> routes(const Parts& parts);

}  // namespace recorte::admin
