/// What is said of a token to its user. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/token.hpp"

#include <nlohmann/json_fwd.hpp>

namespace recorte::account_face {

nlohmann::ordered_json token_json(const account::Token& token);

}  // namespace recorte::account_face
