/// Users, tokens and events as JSON, the same from the commands and from the admin's interface.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/audit.hpp"
#include "core/account/token.hpp"
#include "core/account/user.hpp"

#include <nlohmann/json_fwd.hpp>

namespace recorte::account {

nlohmann::ordered_json user_json(const User& user);
nlohmann::ordered_json token_json(const Token& token);
nlohmann::ordered_json event_json(const Event& event);

}  // namespace recorte::account
