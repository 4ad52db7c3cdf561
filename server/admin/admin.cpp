// SPDX-License-Identifier: BSD-3-Clause
#include "server/admin/admin.hpp"

#include "server/admin/handlers.hpp"

#include <algorithm>
#include <iterator>

namespace recorte::admin {

std::vector<http::Route> routes(const Parts& parts) {
  auto out = job_routes(parts.jobs, parts.acts);
  const auto append = [&](std::vector<http::Route> more) {
    std::ranges::move(more, std::back_inserter(out));
  };
  append(switch_routes(parts.switchboard, parts.surveys));
  append(state_routes(parts));
  append(plugin_routes(parts.plugins));
  append(user_routes(parts.accounts));
  append(right_routes(parts));
  out.push_back({"/api/v1/admin/queue",
                 {"GET"},
                 {http::Need::kAdmin},
                 queue_handler(parts.jobs, parts.policy)});
  out.push_back({"/api/v1/admin/audit",
                 {"GET"},
                 {http::Need::kAdmin},
                 trail_handler(parts.audit, parts.audit_lost)});
  return http::slow(std::move(out));
}

}  // namespace recorte::admin
