/// The routes of this folder, a file each. Private to it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/admin/admin.hpp"

#include <vector>

namespace recorte::admin {

std::vector<http::Route> job_routes(service::Jobs& jobs, service::JobAdmin& acts);
std::vector<http::Route> switch_routes(service::Switchboard& switchboard,
                                       service::SurveyBook& surveys);
std::vector<http::Route> state_routes(const Parts& parts);
std::vector<http::Route> plugin_routes(const PluginDesk& desk);
std::vector<http::Route> user_routes(account::Accounts& accounts);
std::vector<http::Route> right_routes(const Parts& parts);
http::Handler trail_handler(account::Audit& audit, std::function<std::uint64_t()> lost);
http::Handler queue_handler(service::Jobs& jobs, schedule::PolicyOptions policy);

}  // namespace recorte::admin
