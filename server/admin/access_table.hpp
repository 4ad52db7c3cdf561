/// Who gets what: every route, of whatever thing it is about, for every kind of caller, by the same
/// rules that requests are decided by. docs/reference/access.md has it as a table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <string_view>
#include <vector>

namespace recorte::admin {

/// `user` has a job, a token, and was granted a survey that is for a group, of which `member` is
/// one; `other` has neither. `service` acts for `user`, and was granted what the user was.
inline constexpr std::array<std::string_view, 7> kCallers{"anonymous", "user",    "other", "member",
                                                          "service",   "revoked", "admin"};

struct AccessRow {
  std::string_view of;                       ///< the thing; "" where there is none
  std::array<int, kCallers.size()> refused;  ///< the status; 0 where they may
};
/// One for each thing that the route may be about, where whoever is not signed in may read.
std::vector<AccessRow> access_rows(const http::Access& access);

/// {"callers": […], "routes": [{"path", "methods", "need", "act", "rows": [{"of", CALLER: …}]}]}.
nlohmann::ordered_json access_table(const std::vector<http::Route>& routes);

}  // namespace recorte::admin
