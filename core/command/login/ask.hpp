/// A question to a Recorte server elsewhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/net/json_call.hpp"

#include <nlohmann/json.hpp>

namespace recorte::command {

/// Its answer; or its error, in its own words. kUnavailable where nobody answers, or no server of
/// this kind.
Result<nlohmann::json> ask_server(const net::JsonCall& call);

}  // namespace recorte::command
